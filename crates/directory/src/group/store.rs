//! The statements on groups and memberships.

use std::collections::BTreeMap;

use muster_base::{Id, Micros};
use muster_db::{Error as DbError, FromRow, Row, sql};
use muster_rules::MemberQuery;

use super::model::Doc;
use super::{Exemption, ExemptionMode, Group, Method, Via};
use crate::{Error, Result, Source, Write};

sql! {
    GROUP_BY_ID = "SELECT org_id, id, name, doc, method, member_query, created_at FROM user_groups WHERE org_id = $1 AND id = $2";
    GROUP_ALL = "SELECT org_id, id, name, doc, method, member_query, created_at FROM user_groups WHERE org_id = $1 ORDER BY name_norm, id";
    GROUP_DYNAMIC = "SELECT org_id, id, name, doc, method, member_query, created_at FROM user_groups \
               WHERE org_id = $1 AND method = 'DYNAMIC_AUTOMATED' ORDER BY id";
    GROUP_OF_USER = "SELECT g.org_id, g.id, g.name, g.doc, g.method, g.member_query, g.created_at FROM user_groups g \
               JOIN group_members m ON m.org_id = g.org_id AND m.group_id = g.id \
               WHERE g.org_id = $1 AND m.user_id = $2 ORDER BY g.name_norm, g.id";
    GROUP_INSERT = "INSERT INTO user_groups (org_id, id, name, name_norm, doc, method, member_query, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    GROUP_UPDATE = "UPDATE user_groups SET name = $3, name_norm = $4, doc = $5, method = $6, member_query = $7 WHERE org_id = $1 AND id = $2";
    GROUP_DELETE = "DELETE FROM user_groups WHERE org_id = $1 AND id = $2";
    GROUP_EXEMPTIONS = "SELECT user_id, mode FROM group_exemptions WHERE org_id = $1 AND group_id = $2 ORDER BY user_id";
    GROUP_EXEMPTIONS_OF_USER = "SELECT group_id, mode FROM group_exemptions WHERE org_id = $1 AND user_id = $2";
    GROUP_EXEMPTIONS_CLEAR = "DELETE FROM group_exemptions WHERE org_id = $1 AND group_id = $2";
    GROUP_EXEMPTION_INSERT = "INSERT INTO group_exemptions (org_id, group_id, user_id, mode) VALUES ($1, $2, $3, $4)";
    GROUP_MEMBERS = "SELECT user_id, via, since_at FROM group_members WHERE org_id = $1 AND group_id = $2 ORDER BY user_id";
    GROUP_MEMBERSHIPS_OF_USER = "SELECT group_id, via, since_at FROM group_members WHERE org_id = $1 AND user_id = $2 ORDER BY group_id";
    GROUP_MEMBER_COUNT = "SELECT count(*) FROM group_members WHERE org_id = $1 AND group_id = $2";
    GROUP_MEMBER_COUNTS = "SELECT group_id, count(*) FROM group_members WHERE org_id = $1 GROUP BY group_id";
    GROUP_MEMBER_INSERT = "INSERT INTO group_members (org_id, group_id, user_id, via, since_at, since_seq) VALUES ($1, $2, $3, $4, $5, $6)";
    GROUP_MEMBER_VIA = "UPDATE group_members SET via = $4 WHERE org_id = $1 AND group_id = $2 AND user_id = $3";
    GROUP_MEMBERS_DIRECT = "UPDATE group_members SET via = 'direct' WHERE org_id = $1 AND group_id = $2";
    GROUP_MEMBER_KEEP = "INSERT INTO group_members_ended (org_id, group_id, user_id, via, since_at, since_seq, ended_at, ended_seq) \
                   SELECT org_id, group_id, user_id, via, since_at, since_seq, $4, $5 FROM group_members \
                   WHERE org_id = $1 AND group_id = $2 AND user_id = $3 \
                   ON CONFLICT (org_id, group_id, user_id, since_seq) DO NOTHING";
    GROUP_MEMBER_DELETE = "DELETE FROM group_members WHERE org_id = $1 AND group_id = $2 AND user_id = $3";
    GROUP_USER_KEEP = "INSERT INTO group_members_ended (org_id, group_id, user_id, via, since_at, since_seq, ended_at, ended_seq) \
                 SELECT org_id, group_id, user_id, via, since_at, since_seq, $3, $4 FROM group_members WHERE org_id = $1 AND user_id = $2 \
                 ON CONFLICT (org_id, group_id, user_id, since_seq) DO NOTHING";
    GROUP_USER_DELETE = "DELETE FROM group_members WHERE org_id = $1 AND user_id = $2";
    GROUP_MEMBERS_KEEP = "INSERT INTO group_members_ended (org_id, group_id, user_id, via, since_at, since_seq, ended_at, ended_seq) \
                  SELECT org_id, group_id, user_id, via, since_at, since_seq, $3, $4 FROM group_members WHERE org_id = $1 AND group_id = $2 \
                  ON CONFLICT (org_id, group_id, user_id, since_seq) DO NOTHING";
    GROUP_MEMBERS_DELETE = "DELETE FROM group_members WHERE org_id = $1 AND group_id = $2";
}

impl FromRow for Group {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let wrong = |what: &str| DbError::Internal(format!("user_groups.{what}"));
        let query = row.opt_text(5)?;
        Ok(Self {
            org: row.id(0)?,
            id: row.id(1)?,
            name: row.text(2)?,
            doc: serde_json::from_str::<Doc>(&row.text(3)?).map_err(|_| wrong("doc"))?,
            method: Method::from_word(&row.text(4)?).ok_or_else(|| wrong("method"))?,
            member_query: match query {
                Some(text) => Some(serde_json::from_str::<MemberQuery>(&text).map_err(|_| wrong("member_query"))?),
                None => None,
            },
            created_at: row.micros(6)?,
        })
    }
}

/// A group by id, or [`Error::Missing`].
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn get(s: &mut impl Source, org: Id, id: Id) -> Result<Group> {
    s.first(&GROUP_BY_ID, &[(&org).into(), (&id).into()]).await?.ok_or(Error::Missing("user_group"))
}

/// All groups in the order of their names.
///
/// # Errors
/// The database's.
pub async fn all(s: &mut impl Source, org: Id) -> Result<Vec<Group>> {
    Ok(s.all(&GROUP_ALL, &[(&org).into()]).await?)
}

/// The dynamic groups.
///
/// # Errors
/// The database's.
pub async fn dynamic(s: &mut impl Source, org: Id) -> Result<Vec<Group>> {
    Ok(s.all(&GROUP_DYNAMIC, &[(&org).into()]).await?)
}

/// The groups that a person is in, in the order of their names.
///
/// # Errors
/// The database's.
pub async fn of_user(s: &mut impl Source, org: Id, user: Id) -> Result<Vec<Group>> {
    Ok(s.all(&GROUP_OF_USER, &[(&org).into(), (&user).into()]).await?)
}

/// A membership as it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// How it came.
    pub via: Via,
    /// Since when.
    pub since: Micros,
}

type Rows = Vec<(Id, String, Micros)>;

fn memberships(rows: Rows) -> Result<BTreeMap<Id, Membership>> {
    rows.into_iter()
        .map(|(id, via, since)| {
            let via = Via::from_word(&via).ok_or_else(|| Error::Internal("group_members.via".into()))?;
            Ok((id, Membership { via, since }))
        })
        .collect()
}

/// The members of a group, by person.
///
/// # Errors
/// The database's.
pub async fn members(s: &mut impl Source, org: Id, group: Id) -> Result<BTreeMap<Id, Membership>> {
    memberships(s.all::<(Id, String, Micros)>(&GROUP_MEMBERS, &[(&org).into(), (&group).into()]).await?)
}

/// A person's memberships, by group.
///
/// # Errors
/// The database's.
pub async fn memberships_of(s: &mut impl Source, org: Id, user: Id) -> Result<BTreeMap<Id, Membership>> {
    memberships(s.all::<(Id, String, Micros)>(&GROUP_MEMBERSHIPS_OF_USER, &[(&org).into(), (&user).into()]).await?)
}

/// How many members a group has.
///
/// # Errors
/// The database's.
pub async fn member_count(s: &mut impl Source, org: Id, group: Id) -> Result<i64> {
    Ok(s.first::<(i64,)>(&GROUP_MEMBER_COUNT, &[(&org).into(), (&group).into()]).await?.map_or(0, |(n,)| n))
}

/// How many members each group has; groups without members are absent.
///
/// # Errors
/// The database's.
pub async fn member_counts(s: &mut impl Source, org: Id) -> Result<BTreeMap<Id, i64>> {
    let rows: Vec<(Id, i64)> = s.all(&GROUP_MEMBER_COUNTS, &[(&org).into()]).await?;
    Ok(rows.into_iter().collect())
}

/// The exemptions of a group.
///
/// # Errors
/// The database's.
pub async fn exemptions(s: &mut impl Source, org: Id, group: Id) -> Result<Vec<Exemption>> {
    let rows: Vec<(Id, String)> = s.all(&GROUP_EXEMPTIONS, &[(&org).into(), (&group).into()]).await?;
    Ok(rows
        .into_iter()
        .map(|(user, mode)| Exemption { user, mode: ExemptionMode::from_word(&mode).unwrap_or_default() })
        .collect())
}

/// The exemptions of a person, by group.
///
/// # Errors
/// The database's.
pub async fn exemptions_of(s: &mut impl Source, org: Id, user: Id) -> Result<BTreeMap<Id, ExemptionMode>> {
    let rows: Vec<(Id, String)> = s.all(&GROUP_EXEMPTIONS_OF_USER, &[(&org).into(), (&user).into()]).await?;
    Ok(rows.into_iter().map(|(group, mode)| (group, ExemptionMode::from_word(&mode).unwrap_or_default())).collect())
}

pub(crate) async fn insert(w: &mut Write<'_>, group: &Group) -> Result<()> {
    let (doc, query) = documents(group);
    w.exec(
        &GROUP_INSERT,
        &[
            (&group.org).into(),
            (&group.id).into(),
            group.name.as_str().into(),
            group.name.to_lowercase().into(),
            doc.into(),
            group.method.word().into(),
            query.into(),
            group.created_at.into(),
        ],
    )
    .await
    .map_err(unique)?;
    Ok(())
}

pub(crate) async fn update(w: &mut Write<'_>, group: &Group) -> Result<()> {
    let (doc, query) = documents(group);
    w.exec(
        &GROUP_UPDATE,
        &[
            (&group.org).into(),
            (&group.id).into(),
            group.name.as_str().into(),
            group.name.to_lowercase().into(),
            doc.into(),
            group.method.word().into(),
            query.into(),
        ],
    )
    .await
    .map_err(unique)?;
    Ok(())
}

fn documents(group: &Group) -> (String, Option<String>) {
    let doc = serde_json::to_string(&group.doc).unwrap_or_default();
    (doc, group.member_query.as_ref().and_then(|q| serde_json::to_string(q).ok()))
}

fn unique(error: DbError) -> Error {
    if error.is_unique_on("name_norm") {
        Error::Conflict("name: another group of this organization has this name".into())
    } else {
        error.into()
    }
}

pub(crate) async fn delete(w: &mut Write<'_>, id: Id) -> Result<()> {
    let (org, now, seq) = (w.org(), w.now(), w.cause_seq());
    w.exec(&GROUP_MEMBERS_KEEP, &[(&org).into(), (&id).into(), now.into(), seq.into()]).await?;
    w.exec(&GROUP_MEMBERS_DELETE, &[(&org).into(), (&id).into()]).await?;
    w.exec(&GROUP_DELETE, &[(&org).into(), (&id).into()]).await?;
    Ok(())
}

pub(crate) async fn set_exemptions(w: &mut Write<'_>, group: Id, exemptions: &[Exemption]) -> Result<()> {
    let org = w.org();
    w.exec(&GROUP_EXEMPTIONS_CLEAR, &[(&org).into(), (&group).into()]).await?;
    for exemption in exemptions {
        let params = [(&org).into(), (&group).into(), (&exemption.user).into(), exemption.mode.word().into()];
        w.exec(&GROUP_EXEMPTION_INSERT, &params).await?;
    }
    Ok(())
}

pub(crate) async fn begin(w: &mut Write<'_>, group: Id, user: Id, via: Via) -> Result<()> {
    let (org, now, seq) = (w.org(), w.now(), w.cause_seq());
    let params = [(&org).into(), (&group).into(), (&user).into(), via.word().into(), now.into(), seq.into()];
    w.exec(&GROUP_MEMBER_INSERT, &params).await?;
    Ok(())
}

pub(crate) async fn set_via(w: &mut Write<'_>, group: Id, user: Id, via: Via) -> Result<()> {
    let org = w.org();
    w.exec(&GROUP_MEMBER_VIA, &[(&org).into(), (&group).into(), (&user).into(), via.word().into()]).await?;
    Ok(())
}

pub(crate) async fn all_direct(w: &mut Write<'_>, group: Id) -> Result<()> {
    let org = w.org();
    w.exec(&GROUP_MEMBERS_DIRECT, &[(&org).into(), (&group).into()]).await?;
    Ok(())
}

pub(crate) async fn end(w: &mut Write<'_>, group: Id, user: Id) -> Result<()> {
    let (org, now, seq) = (w.org(), w.now(), w.cause_seq());
    let params = [(&org).into(), (&group).into(), (&user).into(), now.into(), seq.into()];
    w.exec(&GROUP_MEMBER_KEEP, &params).await?;
    w.exec(&GROUP_MEMBER_DELETE, &[(&org).into(), (&group).into(), (&user).into()]).await?;
    Ok(())
}

pub(crate) async fn end_all_of_user(w: &mut Write<'_>, user: Id) -> Result<()> {
    let (org, now, seq) = (w.org(), w.now(), w.cause_seq());
    w.exec(&GROUP_USER_KEEP, &[(&org).into(), (&user).into(), now.into(), seq.into()]).await?;
    w.exec(&GROUP_USER_DELETE, &[(&org).into(), (&user).into()]).await?;
    Ok(())
}
