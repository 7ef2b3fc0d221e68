//! The statements on administrators who follow from pushed groups, and on groups that are held.

use std::collections::{BTreeMap, BTreeSet};

use muster_base::{Id, Micros};
use muster_db::{Error as DbError, FromRow, Row, V, sql};

use super::model::Given;
use crate::administrator::Role;
use crate::{Result, Source, Write};

sql! {
    /// Whether there is anything to work out: asked with every membership that begins or ends.
    DA_ANY = "SELECT CAST(1 AS BIGINT) FROM directory_providers WHERE org_id = $1 AND gives_roles = 1 \
              UNION ALL SELECT CAST(1 AS BIGINT) FROM derived_administrators WHERE org_id = $1 \
              UNION ALL SELECT CAST(1 AS BIGINT) FROM held_roles WHERE org_id = $1 LIMIT 1";
    DA_ALL = "SELECT p.user_id, p.admin_id, p.provider_id, p.group_id, o.role FROM derived_administrators p \
              JOIN administrator_organizations o ON o.org_id = p.org_id AND o.admin_id = p.admin_id WHERE p.org_id = $1";
    DA_OF_USER = "SELECT p.user_id, p.admin_id, p.provider_id, p.group_id, o.role FROM derived_administrators p \
                  JOIN administrator_organizations o ON o.org_id = p.org_id AND o.admin_id = p.admin_id \
                  WHERE p.org_id = $1 AND p.user_id = $2";
    /// For the check: rows that reach nothing, or more than their organization; and administrators made so of whom it is not
    /// known any more whose they are.
    DA_STRAYS = "SELECT p.admin_id FROM derived_administrators p WHERE p.org_id = $1 AND \
                 (SELECT count(*) FROM administrator_organizations o WHERE o.admin_id = p.admin_id AND o.org_id = p.org_id) <> \
                 (SELECT 1 + count(*) FROM administrator_organizations o WHERE o.admin_id = p.admin_id AND o.org_id <> p.org_id) \
                 UNION SELECT a.id FROM administrator_organizations o JOIN administrators a ON a.id = o.admin_id \
                 WHERE o.org_id = $1 AND a.email = '#' || a.id AND NOT EXISTS \
                 (SELECT 1 FROM derived_administrators p WHERE p.org_id = o.org_id AND p.admin_id = a.id)";
    DA_NOTE = "UPDATE directory_providers SET gives_roles = $3 WHERE org_id = $1 AND id = $2 AND gives_roles <> $3";
    DA_INSERT = "INSERT INTO derived_administrators (org_id, user_id, admin_id, provider_id, group_id, since_at) VALUES ($1, $2, $3, $4, $5, $6)";
    DA_SOURCE = "UPDATE derived_administrators SET provider_id = $3, group_id = $4 WHERE org_id = $1 AND user_id = $2";
    DA_GROUPS = "SELECT coalesce(l.address, g.name_norm), g.id FROM fed_groups l JOIN groups g ON g.org_id = l.org_id AND g.id = l.group_id \
                 WHERE l.org_id = $1 AND l.provider_id = $2 AND coalesce(l.address, g.name_norm) IN {each $3}";
    /// Counted no further than is needed.
    DA_SIZE = "SELECT count(*) FROM (SELECT 1 FROM group_memberships WHERE org_id = $1 AND group_id = $2 LIMIT $3) AS counted";
    DA_ELIGIBLE = "SELECT m.member_id FROM group_memberships m \
                   JOIN fed_users f ON f.org_id = m.org_id AND f.provider_id = $3 AND f.user_id = m.member_id \
                   JOIN users u ON u.org_id = m.org_id AND u.id = m.member_id \
                   WHERE m.org_id = $1 AND m.group_id = $2 AND u.state = 'ACTIVATED'";
    DA_ELIGIBLE_OF = "SELECT m.member_id FROM group_memberships m \
                      JOIN fed_users f ON f.org_id = m.org_id AND f.provider_id = $3 AND f.user_id = m.member_id \
                      JOIN users u ON u.org_id = m.org_id AND u.id = m.member_id \
                      WHERE m.org_id = $1 AND m.group_id = $2 AND u.state = 'ACTIVATED' AND m.member_id IN {each $4}";
    DA_HELD = "SELECT provider_id, group_id, since_at FROM held_roles WHERE org_id = $1";
    DA_HOLD = "INSERT INTO held_roles (org_id, provider_id, group_id, since_at) VALUES ($1, $2, $3, $4)";
    DA_UNHOLD = "DELETE FROM held_roles WHERE org_id = $1 AND provider_id = $2 AND group_id = $3";
    DA_COUNTS = "SELECT group_id, count(*) FROM derived_administrators WHERE org_id = $1 AND provider_id = $2 GROUP BY group_id";
}

/// A person who is an administrator.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    /// The person.
    pub user: Id,
    /// The administrator that they are.
    pub admin: Id,
    /// What they have, and from where.
    pub given: Given,
}

impl FromRow for Kept {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let role = Role::from_word(row.str(4)?);
        let role = role.ok_or_else(|| DbError::Internal("administrator_organizations.role".into()))?;
        let given = Given { provider: row.id(2)?, group: row.id(3)?, role };
        Ok(Self { user: row.id(0)?, admin: row.id(1)?, given })
    }
}

/// Whether anybody is or could be an administrator by a group.
pub(super) async fn any(s: &mut impl Source, org: Id) -> Result<bool> {
    Ok(s.first::<(i64,)>(&DA_ANY, &[(&org).into()]).await?.is_some())
}

/// All of an organization, by person.
///
/// # Errors
/// The database's.
pub async fn all(s: &mut impl Source, org: Id) -> Result<BTreeMap<Id, Kept>> {
    let rows: Vec<Kept> = s.all(&DA_ALL, &[(&org).into()]).await?;
    Ok(rows.into_iter().map(|kept| (kept.user, kept)).collect())
}

/// What a person is as an administrator.
///
/// # Errors
/// The database's.
pub async fn of_user(s: &mut impl Source, org: Id, user: Id) -> Result<Option<Kept>> {
    Ok(s.first(&DA_OF_USER, &[(&org).into(), (&user).into()]).await?)
}

/// Since when which groups of which directories are held.
///
/// # Errors
/// The database's.
pub async fn held(s: &mut impl Source, org: Id) -> Result<BTreeMap<(Id, Id), Micros>> {
    let rows: Vec<(Id, Id, i64)> = s.all(&DA_HELD, &[(&org).into()]).await?;
    Ok(rows.into_iter().map(|(provider, group, at)| ((provider, group), Micros(at))).collect())
}

/// How many administrators follow from each group of a directory.
///
/// # Errors
/// The database's.
pub async fn counts(s: &mut impl Source, org: Id, provider: Id) -> Result<BTreeMap<Id, i64>> {
    let rows: Vec<(Id, i64)> = s.all(&DA_COUNTS, &[(&org).into(), (&provider).into()]).await?;
    Ok(rows.into_iter().collect())
}

/// Which groups of a directory mappings mean by these names or addresses (in lower case).
///
/// # Errors
/// The database's.
pub async fn groups(s: &mut impl Source, org: Id, provider: Id, names: &[&str]) -> Result<BTreeMap<String, Id>> {
    let rows: Vec<(String, Id)> = s.all(&DA_GROUPS, &[(&org).into(), (&provider).into(), V::list(names)]).await?;
    Ok(rows.into_iter().collect())
}

pub(super) async fn strays(s: &mut impl Source, org: Id) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> = s.all(&DA_STRAYS, &[(&org).into()]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Notes whether a directory gives roles.
pub(super) async fn note(w: &mut Write<'_>, provider: Id, gives: bool) -> Result<()> {
    let org = w.org();
    w.exec(&DA_NOTE, &[(&org).into(), (&provider).into(), gives.into()]).await?;
    Ok(())
}

/// Whether more than so many are in a group.
pub(super) async fn exceeds(s: &mut impl Source, org: Id, group: Id, limit: i64) -> Result<bool> {
    let size: Option<(i64,)> = s.first(&DA_SIZE, &[(&org).into(), (&group).into(), (limit + 1).into()]).await?;
    Ok(size.is_some_and(|(n,)| n > limit))
}

/// Those in a group whom the directory feeds and who may sign in; `among` narrows.
pub(super) async fn eligible(
    s: &mut impl Source,
    org: Id,
    (provider, group): (Id, Id),
    among: Option<&BTreeSet<Id>>,
) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> = match among {
        None => s.all(&DA_ELIGIBLE, &[(&org).into(), (&group).into(), (&provider).into()]).await?,
        Some(among) => {
            let params = [(&org).into(), (&group).into(), (&provider).into(), V::list(among)];
            s.all(&DA_ELIGIBLE_OF, &params).await?
        }
    };
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(super) async fn insert(w: &mut Write<'_>, user: Id, admin: Id, given: Given) -> Result<()> {
    let (org, now) = (w.org(), w.now());
    let params: [V<'_>; 6] =
        [(&org).into(), (&user).into(), (&admin).into(), (&given.provider).into(), (&given.group).into(), now.into()];
    w.exec(&DA_INSERT, &params).await?;
    Ok(())
}

pub(super) async fn set_source(w: &mut Write<'_>, user: Id, given: Given) -> Result<()> {
    let org = w.org();
    w.exec(&DA_SOURCE, &[(&org).into(), (&user).into(), (&given.provider).into(), (&given.group).into()]).await?;
    Ok(())
}

pub(super) async fn hold(w: &mut Write<'_>, (provider, group): (Id, Id)) -> Result<()> {
    let (org, now) = (w.org(), w.now());
    w.exec(&DA_HOLD, &[(&org).into(), (&provider).into(), (&group).into(), now.into()]).await?;
    Ok(())
}

pub(super) async fn unhold(w: &mut Write<'_>, (provider, group): (Id, Id)) -> Result<()> {
    let org = w.org();
    w.exec(&DA_UNHOLD, &[(&org).into(), (&provider).into(), (&group).into()]).await?;
    Ok(())
}
