//! The statements on routing policies.

use std::collections::BTreeMap;

use muster_base::{Id, Micros};
use muster_db::{Error as DbError, sql};

use super::{Policy, Target};
use crate::{Error, Result, Source, Write};

sql! {
    POLICY_ALL = "SELECT id, name, description, enabled, position, idp_id, created_at FROM routing_policies WHERE org_id = $1 ORDER BY position, id";
    POLICY_TARGETS = "SELECT policy_id, subject_kind, subject_id FROM routing_targets WHERE org_id = $1 ORDER BY policy_id, subject_kind, subject_id";
    POLICY_INSERT = "INSERT INTO routing_policies (org_id, id, name, name_norm, description, enabled, position, idp_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    POLICY_UPDATE = "UPDATE routing_policies SET name = $3, name_norm = $4, description = $5, enabled = $6, position = $7, idp_id = $8 WHERE org_id = $1 AND id = $2";
    POLICY_DELETE = "DELETE FROM routing_policies WHERE org_id = $1 AND id = $2";
    POLICY_TARGETS_CLEAR = "DELETE FROM routing_targets WHERE org_id = $1 AND policy_id = $2";
    POLICY_TARGET_INSERT = "INSERT INTO routing_targets (org_id, policy_id, subject_kind, subject_id) VALUES ($1, $2, $3, $4) \
                     ON CONFLICT (org_id, policy_id, subject_kind, subject_id) DO NOTHING";
    POLICY_UNTARGET = "DELETE FROM routing_targets WHERE org_id = $1 AND subject_kind = $2 AND subject_id = $3";
}

/// All policies in the order in which they are asked, with their targets.
///
/// # Errors
/// The database's.
pub async fn all(s: &mut impl Source, org: Id) -> Result<Vec<Policy>> {
    type Row = (Id, String, String, bool, i64, Id, Micros);
    let rows: Vec<Row> = s.all(&POLICY_ALL, &[(&org).into()]).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut targets: BTreeMap<Id, Vec<Target>> = BTreeMap::new();
    let assigned: Vec<(Id, String, Id)> = s.all(&POLICY_TARGETS, &[(&org).into()]).await?;
    for (policy, kind, id) in assigned {
        targets.entry(policy).or_default().push(if kind == "user" { Target::User(id) } else { Target::Group(id) });
    }
    Ok(rows
        .into_iter()
        .map(|(id, name, description, enabled, position, idp, created_at)| Policy {
            org,
            id,
            name,
            description,
            enabled,
            position,
            idp,
            targets: targets.remove(&id).unwrap_or_default(),
            created_at,
        })
        .collect())
}

/// A policy by id, or [`Error::Missing`].
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn get(s: &mut impl Source, org: Id, id: Id) -> Result<Policy> {
    all(s, org).await?.into_iter().find(|p| p.id == id).ok_or(Error::Missing("routing policy"))
}

pub(crate) async fn insert(w: &mut Write<'_>, policy: &Policy) -> Result<()> {
    w.exec(
        &POLICY_INSERT,
        &[
            (&policy.org).into(),
            (&policy.id).into(),
            policy.name.as_str().into(),
            policy.name.to_lowercase().into(),
            policy.description.as_str().into(),
            policy.enabled.into(),
            policy.position.into(),
            (&policy.idp).into(),
            policy.created_at.into(),
        ],
    )
    .await
    .map_err(unique)?;
    write_targets(w, policy).await
}

pub(crate) async fn update(w: &mut Write<'_>, policy: &Policy) -> Result<()> {
    w.exec(
        &POLICY_UPDATE,
        &[
            (&policy.org).into(),
            (&policy.id).into(),
            policy.name.as_str().into(),
            policy.name.to_lowercase().into(),
            policy.description.as_str().into(),
            policy.enabled.into(),
            policy.position.into(),
            (&policy.idp).into(),
        ],
    )
    .await
    .map_err(unique)?;
    write_targets(w, policy).await
}

fn unique(error: DbError) -> Error {
    if error.is_unique_on("name_norm") {
        Error::Conflict("name: another routing policy of this organization has this name".into())
    } else {
        error.into()
    }
}

async fn write_targets(w: &mut Write<'_>, policy: &Policy) -> Result<()> {
    w.exec(&POLICY_TARGETS_CLEAR, &[(&policy.org).into(), (&policy.id).into()]).await?;
    for target in &policy.targets {
        let (kind, id) = target.parts();
        w.exec(&POLICY_TARGET_INSERT, &[(&policy.org).into(), (&policy.id).into(), kind.into(), (&id).into()]).await?;
    }
    Ok(())
}

pub(crate) async fn delete(w: &mut Write<'_>, id: Id) -> Result<()> {
    let org = w.org();
    w.exec(&POLICY_DELETE, &[(&org).into(), (&id).into()]).await?;
    Ok(())
}

pub(crate) async fn untarget(w: &mut Write<'_>, kind: &str, subject: Id) -> Result<()> {
    let org = w.org();
    w.exec(&POLICY_UNTARGET, &[(&org).into(), kind.into(), (&subject).into()]).await?;
    Ok(())
}
