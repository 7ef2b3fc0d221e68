//! The statements on groups that directories keep.

use std::collections::HashMap;

use muster_base::{Id, Micros};
use muster_db::{Error as DbError, FromRow, Row, Sql, V, sql};

use super::FedGroup;
use crate::source::like;
use crate::{Error, Result, Source, Write};

/// A select of groups with their bond, `l`.
macro_rules! fed {
    ($rest:literal) => {
        concat!(
            "SELECT g.id, g.name, l.provider_id, l.external_id, l.version, l.created_at, l.updated_at, l.address \
             FROM fed_groups l JOIN groups g ON g.org_id = l.org_id AND g.id = l.group_id \
             WHERE l.org_id = $1 AND l.provider_id = $2 ",
            $rest
        )
    };
}

sql! {
    FED_GROUP_BY_ID = fed!("AND l.group_id = $3");
    FED_GROUP_BY_EXTERNAL = fed!("AND l.external_id = $3");
    FED_GROUP_BY_NAME = fed!("AND g.name_norm = $3 AND g.kind = 'user'");
    FED_GROUP_OF_MEMBER = fed!("AND l.group_id IN (SELECT group_id FROM group_memberships WHERE org_id = $1 AND member_id = $3) \
                                ORDER BY l.group_id");
    FED_GROUP_PAGE = fed!("AND l.group_id > $3 ORDER BY l.group_id LIMIT $4");
    FED_GROUP_NAMED = fed!("AND g.name_norm LIKE $3 ESCAPE '\\' ORDER BY g.name_norm LIMIT $4 OFFSET $5");
    FED_GROUP_NAMED_COUNT = "SELECT count(*) FROM fed_groups l JOIN groups g ON g.org_id = l.org_id AND g.id = l.group_id \
                             WHERE l.org_id = $1 AND l.provider_id = $2 AND g.name_norm LIKE $3 ESCAPE '\\'";
    FED_GROUP_COUNT = "SELECT count(*) FROM fed_groups WHERE org_id = $1 AND provider_id = $2";
    FED_GROUP_NAMES = "SELECT g.id, coalesce(l.address, g.name_norm) FROM fed_groups l JOIN groups g ON g.org_id = l.org_id AND g.id = l.group_id \
                       WHERE l.org_id = $1 AND l.provider_id = $2 ORDER BY g.id";
    FED_GROUP_OF_EXTERNALS = "SELECT external_id, group_id FROM fed_groups WHERE org_id = $1 AND provider_id = $2 AND external_id IN {each $3}";
    FED_GROUP_OWNER = "SELECT provider_id FROM fed_groups WHERE org_id = $1 AND group_id = $2";
    FED_GROUP_KEEPERS = "SELECT l.group_id, p.id, p.name FROM fed_groups l JOIN directory_providers p ON p.org_id = l.org_id AND p.id = l.provider_id \
                         WHERE l.org_id = $1";
    FED_GROUP_KEEPER = "SELECT p.id, p.name FROM fed_groups l JOIN directory_providers p ON p.org_id = l.org_id AND p.id = l.provider_id \
                        WHERE l.org_id = $1 AND l.group_id = $2";
    FED_GROUP_KNOWN = "SELECT group_id FROM fed_groups WHERE org_id = $1 AND provider_id = $2 AND group_id IN {each $3}";
    /// Who of these people is in which groups of a directory, and how.
    FED_GROUP_OF_EACH = "SELECT m.member_id, g.id, g.name, m.via FROM group_memberships m \
                         JOIN fed_groups l ON l.org_id = m.org_id AND l.group_id = m.group_id AND l.provider_id = $2 \
                         JOIN groups g ON g.org_id = m.org_id AND g.id = m.group_id \
                         WHERE m.org_id = $1 AND m.member_id IN {each $3} ORDER BY m.member_id, g.id";
    /// The same of one person, in the order of the index.
    FED_GROUP_OF = "SELECT m.member_id, g.id, g.name, m.via FROM group_memberships m \
                    JOIN fed_groups l ON l.org_id = m.org_id AND l.group_id = m.group_id AND l.provider_id = $2 \
                    JOIN groups g ON g.org_id = m.org_id AND g.id = m.group_id \
                    WHERE m.org_id = $1 AND m.member_id = $3 ORDER BY m.group_id";
    FED_GROUP_MEMBER_IDS = "SELECT member_id FROM group_memberships WHERE org_id = $1 AND group_id = $2 AND via = 'direct' ORDER BY member_id";
    FED_GROUP_NESTED = "SELECT g.id, g.name FROM group_nested n JOIN groups g ON g.org_id = n.org_id AND g.id = n.nested_id \
                        WHERE n.org_id = $1 AND n.group_id = $2 ORDER BY g.id";
    FED_GROUP_INSERT = "INSERT INTO fed_groups (org_id, group_id, provider_id, external_id, address, version, created_at, updated_at) \
                        VALUES ($1, $2, $3, $4, $5, 1, $6, $6)";
    FED_GROUP_UPDATE = "UPDATE fed_groups SET external_id = $3, address = $4, version = version + 1, updated_at = $5 \
                        WHERE org_id = $1 AND group_id = $2";
    FED_GROUP_WITHOUT = "UPDATE fed_groups SET version = version + 1, updated_at = $3 WHERE org_id = $1 AND group_id IN \
                         (SELECT group_id FROM group_memberships WHERE org_id = $1 AND member_id = $2 AND via = 'direct')";
    FED_GROUP_WITHOUT_GROUP = "UPDATE fed_groups SET version = version + 1, updated_at = $3 WHERE org_id = $1 AND group_id IN \
                               (SELECT group_id FROM group_nested WHERE org_id = $1 AND nested_id = $2)";
    FED_GROUP_FORGET = "DELETE FROM fed_groups WHERE org_id = $1 AND group_id = $2";
    FED_GROUP_FORGET_ALL = "DELETE FROM fed_groups WHERE org_id = $1 AND provider_id = $2";
}

impl FromRow for FedGroup {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id(0)?,
            name: row.text(1)?,
            provider: row.id(2)?,
            external_id: row.opt_text(3)?,
            version: row.i64(4)?,
            created_at: row.micros(5)?,
            updated_at: row.micros(6)?,
            address: row.opt_text(7)?,
        })
    }
}

/// A group that a directory keeps, or [`Error::Missing`].
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn get(s: &mut impl Source, org: Id, provider: Id, id: Id) -> Result<FedGroup> {
    let found = s.first(&FED_GROUP_BY_ID, &[(&org).into(), (&provider).into(), (&id).into()]).await?;
    found.ok_or(Error::Missing("user_group"))
}

/// Those that have this `externalId`, with case, in no order.
///
/// # Errors
/// The database's.
pub async fn by_external(s: &mut impl Source, org: Id, provider: Id, external: &str) -> Result<Vec<FedGroup>> {
    by_text(s, &FED_GROUP_BY_EXTERNAL, org, provider, external).await
}

/// The one of this name, without regard to case.
///
/// # Errors
/// The database's.
pub async fn by_name(s: &mut impl Source, org: Id, provider: Id, name: &str) -> Result<Vec<FedGroup>> {
    by_text(s, &FED_GROUP_BY_NAME, org, provider, &name.to_lowercase()).await
}

/// Those in which somebody is.
///
/// # Errors
/// The database's.
pub async fn of_member(s: &mut impl Source, org: Id, provider: Id, member: Id) -> Result<Vec<FedGroup>> {
    by_text(s, &FED_GROUP_OF_MEMBER, org, provider, &member.text()).await
}

async fn by_text(s: &mut impl Source, sql: &'static Sql, org: Id, provider: Id, text: &str) -> Result<Vec<FedGroup>> {
    if text.contains('\0') {
        // No text holds it, and the database takes none that does.
        return Ok(Vec::new());
    }
    Ok(s.all(sql, &[(&org).into(), (&provider).into(), text.into()]).await?)
}

/// A page in the order of ids, after a cursor.
///
/// # Errors
/// The database's.
pub async fn page(s: &mut impl Source, org: Id, provider: Id, after: &str, limit: i64) -> Result<Vec<FedGroup>> {
    Ok(s.all(&FED_GROUP_PAGE, &[(&org).into(), (&provider).into(), after.into(), limit.into()]).await?)
}

/// A page of those in whose name `term` occurs, by name, and how many there are.
///
/// # Errors
/// The database's.
pub async fn named(
    s: &mut impl Source,
    org: Id,
    provider: Id,
    term: &str,
    (limit, skip): (i64, i64),
) -> Result<(Vec<FedGroup>, i64)> {
    let like = like(term);
    let params = [(&org).into(), (&provider).into(), like.as_str().into(), limit.into(), skip.into()];
    let rows = s.all(&FED_GROUP_NAMED, &params).await?;
    let count: Option<(i64,)> = s.first(&FED_GROUP_NAMED_COUNT, &params[..3]).await?;
    Ok((rows, count.map_or(0, |(n,)| n)))
}

/// How many a directory keeps.
///
/// # Errors
/// The database's.
pub async fn count(s: &mut impl Source, org: Id, provider: Id) -> Result<i64> {
    let count: Option<(i64,)> = s.first(&FED_GROUP_COUNT, &[(&org).into(), (&provider).into()]).await?;
    Ok(count.map_or(0, |(n,)| n))
}

/// All that a directory keeps, with what mappings mean them by: the address, or the name in lower case.
///
/// # Errors
/// The database's.
pub async fn names(s: &mut impl Source, org: Id, provider: Id) -> Result<Vec<(Id, String)>> {
    Ok(s.all(&FED_GROUP_NAMES, &[(&org).into(), (&provider).into()]).await?)
}

/// The directories that keep groups, by group: id and name.
///
/// # Errors
/// The database's.
pub async fn keepers(s: &mut impl Source, org: Id) -> Result<HashMap<Id, (Id, String)>> {
    let rows: Vec<(Id, Id, String)> = s.all(&FED_GROUP_KEEPERS, &[(&org).into()]).await?;
    Ok(rows.into_iter().map(|(group, id, name)| (group, (id, name))).collect())
}

/// The directory that keeps a group, if one does: id and name.
///
/// # Errors
/// The database's.
pub async fn keeper(s: &mut impl Source, org: Id, group: Id) -> Result<Option<(Id, String)>> {
    Ok(s.first(&FED_GROUP_KEEPER, &[(&org).into(), (&group).into()]).await?)
}

/// The directory provider that keeps a group, if one does.
///
/// # Errors
/// The database's.
pub async fn owner(s: &mut impl Source, org: Id, group: Id) -> Result<Option<Id>> {
    Ok(s.first::<(Id,)>(&FED_GROUP_OWNER, &[(&org).into(), (&group).into()]).await?.map(|(id,)| id))
}

/// Which groups these names of a directory mean; those that it has not sent are left out.
///
/// # Errors
/// The database's.
pub async fn of_externals(s: &mut impl Source, org: Id, provider: Id, externals: &[&str]) -> Result<Vec<(String, Id)>> {
    Ok(s.all(&FED_GROUP_OF_EXTERNALS, &[(&org).into(), (&provider).into(), V::list(externals)]).await?)
}

/// Which of these a directory keeps.
///
/// # Errors
/// The database's.
pub async fn known(s: &mut impl Source, org: Id, provider: Id, ids: &[Id]) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> = s.all(&FED_GROUP_KNOWN, &[(&org).into(), (&provider).into(), V::list(ids)]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The groups of a directory in which these people are: person, group, its name, and whether directly.
///
/// # Errors
/// The database's.
pub async fn of_each(s: &mut impl Source, org: Id, provider: Id, people: &[Id]) -> Result<Vec<(Id, Id, String, bool)>> {
    let rows: Vec<(Id, Id, String, String)> = match people {
        [] => Vec::new(),
        [one] => s.all(&FED_GROUP_OF, &[(&org).into(), (&provider).into(), one.into()]).await?,
        many => s.all(&FED_GROUP_OF_EACH, &[(&org).into(), (&provider).into(), V::list(many)]).await?,
    };
    Ok(rows.into_iter().map(|(user, group, name, via)| (user, group, name, via == "direct")).collect())
}

/// The people who are members themselves.
///
/// # Errors
/// The database's.
pub async fn member_ids(s: &mut impl Source, org: Id, group: Id) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> = s.all(&FED_GROUP_MEMBER_IDS, &[(&org).into(), (&group).into()]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The groups that a group holds, with their names.
///
/// # Errors
/// The database's.
pub async fn nested(s: &mut impl Source, org: Id, group: Id) -> Result<Vec<(Id, String)>> {
    Ok(s.all(&FED_GROUP_NESTED, &[(&org).into(), (&group).into()]).await?)
}

pub(super) async fn insert(
    w: &mut Write<'_>,
    provider: Id,
    group: Id,
    (external, address): (Option<&str>, Option<&str>),
) -> Result<()> {
    let (org, now) = (w.org(), w.now());
    let params = [(&org).into(), (&group).into(), (&provider).into(), external.into(), address.into(), now.into()];
    w.exec(&FED_GROUP_INSERT, &params).await?;
    Ok(())
}

pub(super) async fn update(
    w: &mut Write<'_>,
    group: Id,
    (external, address): (Option<&str>, Option<&str>),
) -> Result<()> {
    let (org, now): (Id, Micros) = (w.org(), w.now());
    w.exec(&FED_GROUP_UPDATE, &[(&org).into(), (&group).into(), external.into(), address.into(), now.into()]).await?;
    Ok(())
}

/// Lets all groups of a directory be ours.
pub(crate) async fn forget_all(w: &mut Write<'_>, provider: Id) -> Result<()> {
    let org = w.org();
    w.exec(&FED_GROUP_FORGET_ALL, &[(&org).into(), (&provider).into()]).await?;
    Ok(())
}

/// A person is about to leave: the groups that tell them as a member are others from now on.
pub(crate) async fn without_person(w: &mut Write<'_>, person: Id) -> Result<()> {
    let (org, now) = (w.org(), w.now());
    w.exec(&FED_GROUP_WITHOUT, &[(&org).into(), (&person).into(), now.into()]).await?;
    Ok(())
}

/// The same of a group that other groups hold.
pub(crate) async fn without_group(w: &mut Write<'_>, group: Id) -> Result<()> {
    let (org, now) = (w.org(), w.now());
    w.exec(&FED_GROUP_WITHOUT_GROUP, &[(&org).into(), (&group).into(), now.into()]).await?;
    Ok(())
}

/// Lets one group be ours.
pub(super) async fn forget(w: &mut Write<'_>, group: Id) -> Result<()> {
    let org = w.org();
    w.exec(&FED_GROUP_FORGET, &[(&org).into(), (&group).into()]).await?;
    Ok(())
}
