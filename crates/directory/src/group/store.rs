//! The statements on groups themselves. Never here: who is in them ([`super::membership`]).

use std::collections::BTreeMap;

use muster_base::Id;
use muster_db::{Error as DbError, FromRow, Row, sql};
use muster_rules::MemberQuery;

use super::model::Doc;
use super::{Group, GroupKind, Method};
use crate::{Error, Result, Source, Write};

pub use super::exemption::{exemptions, exemptions_of};
pub use super::membership::{Membership, member_count, member_counts, members, memberships_of};

sql! {
    GROUP_BY_ID = "SELECT org_id, id, kind, name, doc, method, member_query, exclude_query, created_at FROM groups \
               WHERE org_id = $1 AND id = $2 AND kind = $3";
    GROUP_BY_IDS = "SELECT org_id, id, kind, name, doc, method, member_query, exclude_query, created_at FROM groups \
               WHERE org_id = $1 AND id IN {each $2} ORDER BY name_norm, id";
    GROUP_ALL = "SELECT org_id, id, kind, name, doc, method, member_query, exclude_query, created_at FROM groups \
               WHERE org_id = $1 AND kind = $2 ORDER BY name_norm, id";
    GROUP_EVERY = "SELECT org_id, id, kind, name, doc, method, member_query, exclude_query, created_at FROM groups \
               WHERE org_id = $1 ORDER BY id";
    GROUP_OF_MEMBER = "SELECT g.org_id, g.id, g.kind, g.name, g.doc, g.method, g.member_query, g.exclude_query, g.created_at FROM groups g \
               JOIN group_memberships m ON m.org_id = g.org_id AND m.group_id = g.id \
               WHERE g.org_id = $1 AND m.member_id = $2 ORDER BY g.name_norm, g.id";
    GROUP_INSERT = "INSERT INTO groups (org_id, id, kind, name, name_norm, doc, method, member_query, exclude_query, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    GROUP_UPDATE = "UPDATE groups SET name = $3, name_norm = $4, doc = $5, method = $6, member_query = $7, exclude_query = $8 \
               WHERE org_id = $1 AND id = $2";
    GROUP_DELETE = "DELETE FROM groups WHERE org_id = $1 AND id = $2";
    GROUP_NESTED = "SELECT group_id, nested_id FROM group_nested WHERE org_id = $1 ORDER BY group_id, nested_id";
    GROUP_NESTED_CLEAR = "DELETE FROM group_nested WHERE org_id = $1 AND group_id = $2";
    GROUP_NESTED_INSERT = "INSERT INTO group_nested (org_id, group_id, nested_id) VALUES ($1, $2, $3)";
    GROUP_RULES_CHANGED = "UPDATE organizations SET rules_seq = $2 WHERE id = $1 /* org_id */";
}

impl FromRow for Group {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let wrong = |what: &str| DbError::Internal(format!("groups.{what}"));
        let query = |column: usize, what: &str| match row.opt_text(column)? {
            Some(text) => serde_json::from_str::<MemberQuery>(&text).map(Some).map_err(|_| wrong(what)),
            None => Ok(None),
        };
        Ok(Self {
            org: row.id(0)?,
            id: row.id(1)?,
            kind: GroupKind::from_word(&row.text(2)?).ok_or_else(|| wrong("kind"))?,
            name: row.text(3)?,
            doc: serde_json::from_str::<Doc>(&row.text(4)?).map_err(|_| wrong("doc"))?,
            method: Method::from_word(&row.text(5)?).ok_or_else(|| wrong("method"))?,
            member_query: query(6, "member_query")?,
            exclude_query: query(7, "exclude_query")?,
            created_at: row.micros(8)?,
        })
    }
}

/// A user group by id, or [`Error::Missing`].
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn get(s: &mut impl Source, org: Id, id: Id) -> Result<Group> {
    of_kind(s, org, GroupKind::User, id).await
}

/// A group of a kind by id, or [`Error::Missing`].
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn of_kind(s: &mut impl Source, org: Id, kind: GroupKind, id: Id) -> Result<Group> {
    let missing = match kind {
        GroupKind::User => Error::Missing("user_group"),
        GroupKind::Device => Error::Missing("system_group"),
    };
    s.first(&GROUP_BY_ID, &[(&org).into(), (&id).into(), kind.word().into()]).await?.ok_or(missing)
}

/// A group of either kind.
///
/// # Errors
/// The database's.
pub async fn any(s: &mut impl Source, org: Id, id: Id) -> Result<Option<Group>> {
    Ok(by_ids(s, org, &[id]).await?.pop())
}

/// Several groups of either kind, in the order of their names; unknown ids are passed over.
///
/// # Errors
/// The database's.
pub async fn by_ids(s: &mut impl Source, org: Id, ids: &[Id]) -> Result<Vec<Group>> {
    Ok(s.all(&GROUP_BY_IDS, &[(&org).into(), muster_db::V::list(ids)]).await?)
}

/// All user groups in the order of their names.
///
/// # Errors
/// The database's.
pub async fn all(s: &mut impl Source, org: Id) -> Result<Vec<Group>> {
    all_of(s, org, GroupKind::User).await
}

/// All groups of a kind in the order of their names.
///
/// # Errors
/// The database's.
pub async fn all_of(s: &mut impl Source, org: Id, kind: GroupKind) -> Result<Vec<Group>> {
    Ok(s.all(&GROUP_ALL, &[(&org).into(), kind.word().into()]).await?)
}

/// All groups of both kinds.
///
/// # Errors
/// The database's.
pub async fn every(s: &mut impl Source, org: Id) -> Result<Vec<Group>> {
    Ok(s.all(&GROUP_EVERY, &[(&org).into()]).await?)
}

/// The groups that a person or device is in, in the order of their names.
///
/// # Errors
/// The database's.
pub async fn of_user(s: &mut impl Source, org: Id, member: Id) -> Result<Vec<Group>> {
    Ok(s.all(&GROUP_OF_MEMBER, &[(&org).into(), (&member).into()]).await?)
}

/// Which groups are members of which, by the group that holds them.
///
/// # Errors
/// The database's.
pub async fn nested(s: &mut impl Source, org: Id) -> Result<BTreeMap<Id, Vec<Id>>> {
    let mut out: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for (group, nested) in s.all::<(Id, Id)>(&GROUP_NESTED, &[(&org).into()]).await? {
        out.entry(group).or_default().push(nested);
    }
    Ok(out)
}

/// Notes that the rules are otherwise from this change on.
pub(crate) async fn rules_changed(w: &mut Write<'_>) -> Result<()> {
    let (org, seq) = (w.org(), w.cause_seq());
    w.exec(&GROUP_RULES_CHANGED, &[(&org).into(), seq.into()]).await?;
    w.rules_changed();
    Ok(())
}

pub(crate) async fn set_nested(w: &mut Write<'_>, group: Id, nested: &[Id]) -> Result<()> {
    let org = w.org();
    w.exec(&GROUP_NESTED_CLEAR, &[(&org).into(), (&group).into()]).await?;
    for id in nested {
        w.exec(&GROUP_NESTED_INSERT, &[(&org).into(), (&group).into(), id.into()]).await?;
    }
    Ok(())
}

pub(crate) async fn insert(w: &mut Write<'_>, group: &Group) -> Result<()> {
    let (doc, member_query, exclude_query) = documents(group);
    w.exec(
        &GROUP_INSERT,
        &[
            (&group.org).into(),
            (&group.id).into(),
            group.kind.word().into(),
            group.name.as_str().into(),
            group.name.to_lowercase().into(),
            doc.into(),
            group.method.word().into(),
            member_query.into(),
            exclude_query.into(),
            group.created_at.into(),
        ],
    )
    .await
    .map_err(unique)?;
    Ok(())
}

pub(crate) async fn update(w: &mut Write<'_>, group: &Group) -> Result<()> {
    let (doc, member_query, exclude_query) = documents(group);
    w.exec(
        &GROUP_UPDATE,
        &[
            (&group.org).into(),
            (&group.id).into(),
            group.name.as_str().into(),
            group.name.to_lowercase().into(),
            doc.into(),
            group.method.word().into(),
            member_query.into(),
            exclude_query.into(),
        ],
    )
    .await
    .map_err(unique)?;
    Ok(())
}

fn documents(group: &Group) -> (String, Option<String>, Option<String>) {
    let query = |query: &Option<MemberQuery>| query.as_ref().and_then(|q| serde_json::to_string(q).ok());
    let doc = serde_json::to_string(&group.doc).unwrap_or_default();
    (doc, query(&group.member_query), query(&group.exclude_query))
}

fn unique(error: DbError) -> Error {
    if error.is_unique_on("name_norm") {
        Error::Conflict("name: another group of this organization has this name".into())
    } else {
        error.into()
    }
}

pub(crate) async fn delete(w: &mut Write<'_>, id: Id) -> Result<()> {
    let org = w.org();
    super::membership::end_group(w, id).await?;
    w.exec(&GROUP_DELETE, &[(&org).into(), (&id).into()]).await?;
    Ok(())
}
