//! The statements on memberships, on suggestions of them, and on what time will change. Many at once where they can be.

use std::collections::{BTreeMap, HashMap};

use muster_base::{Id, Micros};
use muster_db::{V, sql};

use super::{GroupKind, Suggestion, Via};
use crate::{Error, Result, Source, Write, provision};

sql! {
    MEMBER_ALL = "SELECT member_id, via, since_at, since_seq FROM group_memberships WHERE org_id = $1 AND group_id = $2 ORDER BY member_id";
    MEMBER_OF = "SELECT group_id, via, since_at, since_seq FROM group_memberships WHERE org_id = $1 AND member_id = $2 ORDER BY group_id";
    MEMBER_OF_EACH = "SELECT member_id, group_id, via, since_at, since_seq FROM group_memberships \
                  WHERE org_id = $1 AND member_id IN {each $2}";
    MEMBER_OF_EACH_IN = "SELECT member_id, group_id, via, since_at, since_seq FROM group_memberships \
                  WHERE org_id = $1 AND member_id IN {each $2} AND group_id IN {each $3}";
    MEMBER_COUNT = "SELECT count(*) FROM group_memberships WHERE org_id = $1 AND group_id = $2";
    MEMBER_COUNTS = "SELECT group_id, count(*) FROM group_memberships WHERE org_id = $1 GROUP BY group_id";
    MEMBER_BEGIN = "INSERT INTO group_memberships (org_id, group_id, member_id, via, since_at, since_seq) \
                SELECT $1, $2, e.value, $4, CAST($5 AS BIGINT), CAST($6 AS BIGINT) FROM {each $3} AS e";
    MEMBER_BEGIN_ONE = "INSERT INTO group_memberships (org_id, group_id, member_id, via, since_at, since_seq) \
                VALUES ($1, $2, $3, $4, $5, $6)";
    MEMBER_VIA = "UPDATE group_memberships SET via = $4 WHERE org_id = $1 AND group_id = $2 AND member_id IN {each $3}";
    MEMBER_ALL_DIRECT = "UPDATE group_memberships SET via = 'direct' WHERE org_id = $1 AND group_id = $2 AND via <> 'nested'";
    MEMBER_KEEP = "INSERT INTO group_memberships_ended (org_id, group_id, member_id, via, since_at, since_seq, ended_at, ended_seq) \
               SELECT org_id, group_id, member_id, via, since_at, since_seq, CAST($4 AS BIGINT), CAST($5 AS BIGINT) FROM group_memberships \
               WHERE org_id = $1 AND group_id = $2 AND member_id IN {each $3} \
               ON CONFLICT (org_id, group_id, member_id, since_seq) \
               DO UPDATE SET ended_at = excluded.ended_at, ended_seq = excluded.ended_seq";
    MEMBER_DELETE = "DELETE FROM group_memberships WHERE org_id = $1 AND group_id = $2 AND member_id IN {each $3}";
    MEMBER_KEEP_OF = "INSERT INTO group_memberships_ended (org_id, group_id, member_id, via, since_at, since_seq, ended_at, ended_seq) \
                 SELECT org_id, group_id, member_id, via, since_at, since_seq, CAST($3 AS BIGINT), CAST($4 AS BIGINT) \
                 FROM group_memberships WHERE org_id = $1 AND member_id = $2 \
                 ON CONFLICT (org_id, group_id, member_id, since_seq) \
               DO UPDATE SET ended_at = excluded.ended_at, ended_seq = excluded.ended_seq";
    MEMBER_DELETE_OF = "DELETE FROM group_memberships WHERE org_id = $1 AND member_id = $2";
    MEMBER_KEEP_GROUP = "INSERT INTO group_memberships_ended (org_id, group_id, member_id, via, since_at, since_seq, ended_at, ended_seq) \
                  SELECT org_id, group_id, member_id, via, since_at, since_seq, CAST($3 AS BIGINT), CAST($4 AS BIGINT) \
                  FROM group_memberships WHERE org_id = $1 AND group_id = $2 \
                  ON CONFLICT (org_id, group_id, member_id, since_seq) \
               DO UPDATE SET ended_at = excluded.ended_at, ended_seq = excluded.ended_seq";
    MEMBER_DELETE_GROUP = "DELETE FROM group_memberships WHERE org_id = $1 AND group_id = $2";
    SUGGESTION_OF_EACH = "SELECT member_id, group_id, op, rejected, since_at FROM group_suggestions \
                      WHERE org_id = $1 AND member_id IN {each $2}";
    SUGGESTION_ALL = "SELECT member_id, op, rejected, since_at FROM group_suggestions WHERE org_id = $1 AND group_id = $2 ORDER BY since_at, member_id";
    SUGGESTION_COUNTS = "SELECT group_id, op, count(*) FROM group_suggestions WHERE org_id = $1 AND rejected = 0 GROUP BY group_id, op";
    SUGGESTION_BEGIN = "INSERT INTO group_suggestions (org_id, group_id, member_id, op, rejected, since_at, since_seq) \
                    SELECT $1, $2, e.value, $4, 0, CAST($5 AS BIGINT), CAST($6 AS BIGINT) FROM {each $3} AS e";
    SUGGESTION_END = "DELETE FROM group_suggestions WHERE org_id = $1 AND group_id = $2 AND member_id IN {each $3}";
    SUGGESTION_REJECT = "UPDATE group_suggestions SET rejected = 1 WHERE org_id = $1 AND group_id = $2 AND member_id IN {each $3}";
    SUGGESTION_END_OF = "DELETE FROM group_suggestions WHERE org_id = $1 AND member_id = $2";
    SUGGESTION_END_GROUP = "DELETE FROM group_suggestions WHERE org_id = $1 AND group_id = $2";
    DUE_SET = "INSERT INTO group_due (org_id, group_id, member_id, at) \
           SELECT $1, $2, e.value, CAST($4 AS BIGINT) FROM {each $3} AS e WHERE true \
           ON CONFLICT (org_id, group_id, member_id) DO UPDATE SET at = excluded.at";
    DUE_CLEAR = "DELETE FROM group_due WHERE org_id = $1 AND group_id = $2 AND member_id IN {each $3}";
    DUE_CLEAR_OF = "DELETE FROM group_due WHERE org_id = $1 AND member_id = $2";
    DUE_CLEAR_GROUP = "DELETE FROM group_due WHERE org_id = $1 AND group_id = $2";
    EXEMPT_CLEAR_OF = "DELETE FROM group_exempt WHERE org_id = $1 AND member_id = $2";
}

/// Of one person the memberships in so few groups are picked out of all of theirs.
const FEW: usize = 16;

/// A membership as it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// How it came.
    pub via: Via,
    /// Since when.
    pub since: Micros,
    /// The change that did it, by its number in the log.
    pub since_seq: i64,
}

fn membership(via: &str, since: Micros, since_seq: i64) -> Result<Membership> {
    let via = Via::from_word(via).ok_or_else(|| Error::Internal("group_memberships.via".into()))?;
    Ok(Membership { via, since, since_seq })
}

type Rows = Vec<(Id, String, Micros, i64)>;

fn memberships(rows: Rows) -> Result<BTreeMap<Id, Membership>> {
    rows.into_iter().map(|(id, via, since, seq)| Ok((id, membership(&via, since, seq)?))).collect()
}

/// The members of a group.
///
/// # Errors
/// The database's.
pub async fn members(s: &mut impl Source, org: Id, group: Id) -> Result<BTreeMap<Id, Membership>> {
    memberships(s.all::<(Id, String, Micros, i64)>(&MEMBER_ALL, &[(&org).into(), (&group).into()]).await?)
}

/// The memberships of a person or device, by group.
///
/// # Errors
/// The database's.
pub async fn memberships_of(s: &mut impl Source, org: Id, member: Id) -> Result<BTreeMap<Id, Membership>> {
    memberships(s.all::<(Id, String, Micros, i64)>(&MEMBER_OF, &[(&org).into(), (&member).into()]).await?)
}

/// The memberships of many, by member and group: all, or in these groups only.
///
/// # Errors
/// The database's.
pub async fn of_each(
    s: &mut impl Source,
    org: Id,
    members: &[Id],
    only: Option<&[Id]>,
) -> Result<HashMap<Id, HashMap<Id, Membership>>> {
    type Row = (Id, Id, String, Micros, i64);
    if members.iter().all(|member| s.is_new(*member)) {
        return Ok(HashMap::new());
    }
    if let ([one], Some(groups)) = (members, only)
        && groups.len() <= FEW
    {
        let of = memberships_of(s, org, *one).await?.into_iter().filter(|(group, _)| groups.contains(group));
        return Ok(HashMap::from([(*one, of.collect())]));
    }
    let rows: Vec<Row> = match only {
        None => s.all(&MEMBER_OF_EACH, &[(&org).into(), V::list(members)]).await?,
        Some([]) => Vec::new(),
        Some(groups) => s.all(&MEMBER_OF_EACH_IN, &[(&org).into(), V::list(members), V::list(groups)]).await?,
    };
    let mut out: HashMap<Id, HashMap<Id, Membership>> = HashMap::new();
    for (member, group, via, since, seq) in rows {
        out.entry(member).or_default().insert(group, membership(&via, since, seq)?);
    }
    Ok(out)
}

/// How many members a group has.
///
/// # Errors
/// The database's.
pub async fn member_count(s: &mut impl Source, org: Id, group: Id) -> Result<i64> {
    Ok(s.first::<(i64,)>(&MEMBER_COUNT, &[(&org).into(), (&group).into()]).await?.map_or(0, |(n,)| n))
}

/// How many members each group has; groups without members are absent.
///
/// # Errors
/// The database's.
pub async fn member_counts(s: &mut impl Source, org: Id) -> Result<BTreeMap<Id, i64>> {
    let rows: Vec<(Id, i64)> = s.all(&MEMBER_COUNTS, &[(&org).into()]).await?;
    Ok(rows.into_iter().collect())
}

/// What is suggested of one member of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suggested {
    /// What.
    pub op: Suggestion,
    /// Whether an administrator said no.
    pub rejected: bool,
    /// Since when.
    pub since: Micros,
}

fn suggested(op: &str, rejected: bool, since: Micros) -> Result<Suggested> {
    let op = Suggestion::from_word(op).ok_or_else(|| Error::Internal("group_suggestions.op".into()))?;
    Ok(Suggested { op, rejected, since })
}

/// What is suggested of many, by member and group.
pub(crate) async fn suggestions_of_each(
    s: &mut impl Source,
    org: Id,
    members: &[Id],
) -> Result<HashMap<Id, HashMap<Id, Suggested>>> {
    let rows: Vec<(Id, Id, String, bool, Micros)> =
        s.all(&SUGGESTION_OF_EACH, &[(&org).into(), V::list(members)]).await?;
    let mut out: HashMap<Id, HashMap<Id, Suggested>> = HashMap::new();
    for (member, group, op, rejected, since) in rows {
        out.entry(member).or_default().insert(group, suggested(&op, rejected, since)?);
    }
    Ok(out)
}

/// What is suggested of a group, oldest first; the rejected ones too.
///
/// # Errors
/// The database's.
pub async fn suggestions(s: &mut impl Source, org: Id, group: Id) -> Result<Vec<(Id, Suggested)>> {
    let rows: Vec<(Id, String, bool, Micros)> = s.all(&SUGGESTION_ALL, &[(&org).into(), (&group).into()]).await?;
    rows.into_iter().map(|(member, op, rejected, since)| Ok((member, suggested(&op, rejected, since)?))).collect()
}

/// How many suggestions wait in each group: to add, to remove.
///
/// # Errors
/// The database's.
pub async fn suggestion_counts(s: &mut impl Source, org: Id) -> Result<BTreeMap<Id, (i64, i64)>> {
    let mut out: BTreeMap<Id, (i64, i64)> = BTreeMap::new();
    for (group, op, count) in s.all::<(Id, String, i64)>(&SUGGESTION_COUNTS, &[(&org).into()]).await? {
        let counts = out.entry(group).or_default();
        match Suggestion::from_word(&op) {
            Some(Suggestion::Add) => counts.0 = count,
            _ => counts.1 = count,
        }
    }
    Ok(out)
}

/// Begins memberships; `cause` is the number of the change that did it.
pub(crate) async fn begin(w: &mut Write<'_>, group: Id, members: &[Id], via: Via, cause: i64) -> Result<()> {
    let (org, now) = (w.org(), w.now());
    let (begin, who) = match members {
        [one] => (&MEMBER_BEGIN_ONE, one.into()),
        many => (&MEMBER_BEGIN, V::list(many)),
    };
    w.exec(begin, &[(&org).into(), (&group).into(), who, via.word().into(), now.into(), cause.into()]).await?;
    w.known_to_groups(members);
    w.moved(Some(group), members);
    Ok(())
}

pub(crate) async fn set_via(w: &mut Write<'_>, group: Id, members: &[Id], via: Via) -> Result<()> {
    let org = w.org();
    w.exec(&MEMBER_VIA, &[(&org).into(), (&group).into(), V::list(members), via.word().into()]).await?;
    Ok(())
}

/// Whoever is in is in by hand from now on, but for those whom a nested group holds.
pub(crate) async fn all_direct(w: &mut Write<'_>, group: Id) -> Result<()> {
    let org = w.org();
    w.exec(&MEMBER_ALL_DIRECT, &[(&org).into(), (&group).into()]).await?;
    Ok(())
}

pub(crate) async fn end(w: &mut Write<'_>, group: Id, members: &[Id], cause: i64) -> Result<()> {
    let (org, now) = (w.org(), w.now());
    let params = [(&org).into(), (&group).into(), V::list(members), now.into(), cause.into()];
    w.exec(&MEMBER_KEEP, &params).await?;
    w.exec(&MEMBER_DELETE, &[(&org).into(), (&group).into(), V::list(members)]).await?;
    w.left(cause);
    w.moved(Some(group), members);
    Ok(())
}

/// Ends all that a person or device has with groups: they are removed.
pub(crate) async fn end_all_of(w: &mut Write<'_>, member: Id) -> Result<()> {
    let (org, now, seq) = (w.org(), w.now(), w.cause_seq());
    w.exec(&MEMBER_KEEP_OF, &[(&org).into(), (&member).into(), now.into(), seq.into()]).await?;
    for statement in [&MEMBER_DELETE_OF, &SUGGESTION_END_OF, &DUE_CLEAR_OF, &EXEMPT_CLEAR_OF] {
        w.exec(statement, &[(&org).into(), (&member).into()]).await?;
    }
    w.left(seq);
    w.moved(None, &[member]);
    Ok(())
}

/// Ends every membership of a group that is removed.
pub(super) async fn end_group(w: &mut Write<'_>, group: Id) -> Result<()> {
    let (org, now, seq) = (w.org(), w.now(), w.cause_seq());
    provision::touch::members(w, group).await?;
    w.exec(&MEMBER_KEEP_GROUP, &[(&org).into(), (&group).into(), now.into(), seq.into()]).await?;
    w.exec(&MEMBER_DELETE_GROUP, &[(&org).into(), (&group).into()]).await?;
    w.left(seq);
    Ok(())
}

pub(crate) async fn suggest(w: &mut Write<'_>, group: Id, members: &[Id], op: Suggestion, cause: i64) -> Result<()> {
    let (org, now) = (w.org(), w.now());
    let params = [(&org).into(), (&group).into(), V::list(members), op.word().into(), now.into(), cause.into()];
    w.exec(&SUGGESTION_BEGIN, &params).await?;
    Ok(())
}

pub(crate) async fn drop_suggestions(w: &mut Write<'_>, group: Id, members: &[Id]) -> Result<()> {
    let org = w.org();
    w.exec(&SUGGESTION_END, &[(&org).into(), (&group).into(), V::list(members)]).await?;
    Ok(())
}

pub(crate) async fn reject_suggestions(w: &mut Write<'_>, group: Id, members: &[Id]) -> Result<()> {
    let org = w.org();
    w.exec(&SUGGESTION_REJECT, &[(&org).into(), (&group).into(), V::list(members)]).await?;
    Ok(())
}

/// Forgets what is suggested and what is due in a group: its rule or method is another.
pub(crate) async fn forget_outlook(w: &mut Write<'_>, group: Id) -> Result<()> {
    let org = w.org();
    for statement in [&SUGGESTION_END_GROUP, &DUE_CLEAR_GROUP] {
        w.exec(statement, &[(&org).into(), (&group).into()]).await?;
    }
    Ok(())
}

/// Notes when time will change what a rule says of these members; of whom nothing will change is forgotten.
pub(crate) async fn set_due(w: &mut Write<'_>, group: Id, at: &[(Id, Option<Micros>)]) -> Result<()> {
    let org = w.org();
    let never: Vec<Id> = at.iter().filter(|(_, at)| at.is_none()).map(|(id, _)| *id).collect();
    if !never.is_empty() {
        w.exec(&DUE_CLEAR, &[(&org).into(), (&group).into(), V::list(&never)]).await?;
    }
    let mut by_time: BTreeMap<Micros, Vec<Id>> = BTreeMap::new();
    for (member, at) in at {
        if let Some(at) = at {
            by_time.entry(*at).or_default().push(*member);
        }
    }
    for (at, members) in by_time {
        w.exec(&DUE_SET, &[(&org).into(), (&group).into(), V::list(members), at.into()]).await?;
    }
    Ok(())
}

sql! {
    MEMBER_USERS_BY_NAME = "SELECT m.member_id, m.via, m.since_at, m.since_seq FROM group_memberships m \
                        JOIN users u ON u.org_id = m.org_id AND u.id = m.member_id \
                        WHERE m.org_id = $1 AND m.group_id = $2 AND u.search LIKE $3 ESCAPE '\\' \
                        ORDER BY u.username_norm LIMIT $4 OFFSET $5";
    /// Of a group of most of the organization: in the order of the names' index, so that nothing is sorted.
    MEMBER_USERS_DENSE = "SELECT m.member_id, m.via, m.since_at, m.since_seq FROM users u CROSS JOIN group_memberships m \
                        WHERE u.org_id = $1 AND m.org_id = u.org_id AND m.group_id = $2 AND m.member_id = u.id \
                        ORDER BY u.username_norm LIMIT $3 OFFSET $4";
    MEMBER_USERS_NAMED = "SELECT count(*) FROM group_memberships m JOIN users u ON u.org_id = m.org_id AND u.id = m.member_id \
                        WHERE m.org_id = $1 AND m.group_id = $2 AND u.search LIKE $3 ESCAPE '\\'";
    MEMBER_USERS_AMONG = "SELECT m.member_id, m.via, m.since_at, m.since_seq FROM group_memberships m \
                        JOIN users u ON u.org_id = m.org_id AND u.id = m.member_id \
                        WHERE m.org_id = $1 AND m.group_id = $2 AND u.search LIKE $3 ESCAPE '\\' AND m.member_id IN {each $6} \
                        ORDER BY u.username_norm LIMIT $4 OFFSET $5";
    MEMBER_USERS_AMONG_COUNT = "SELECT count(*) FROM group_memberships m JOIN users u ON u.org_id = m.org_id AND u.id = m.member_id \
                        WHERE m.org_id = $1 AND m.group_id = $2 AND u.search LIKE $3 ESCAPE '\\' AND m.member_id IN {each $4}";
    MEMBER_DEVICES_BY_NAME = "SELECT m.member_id, m.via, m.since_at, m.since_seq FROM group_memberships m \
                        JOIN devices d ON d.org_id = m.org_id AND d.id = m.member_id \
                        WHERE m.org_id = $1 AND m.group_id = $2 AND d.search LIKE $3 ESCAPE '\\' \
                        ORDER BY d.name_norm, d.id LIMIT $4 OFFSET $5";
    MEMBER_DEVICES_DENSE = "SELECT m.member_id, m.via, m.since_at, m.since_seq FROM devices d CROSS JOIN group_memberships m \
                        WHERE d.org_id = $1 AND m.org_id = d.org_id AND m.group_id = $2 AND m.member_id = d.id \
                        ORDER BY d.name_norm, d.id LIMIT $3 OFFSET $4";
    MEMBER_DEVICES_NAMED = "SELECT count(*) FROM group_memberships m JOIN devices d ON d.org_id = m.org_id AND d.id = m.member_id \
                        WHERE m.org_id = $1 AND m.group_id = $2 AND d.search LIKE $3 ESCAPE '\\'";
    MEMBER_DEVICES_AMONG = "SELECT m.member_id, m.via, m.since_at, m.since_seq FROM group_memberships m \
                        JOIN devices d ON d.org_id = m.org_id AND d.id = m.member_id \
                        WHERE m.org_id = $1 AND m.group_id = $2 AND d.search LIKE $3 ESCAPE '\\' AND m.member_id IN {each $6} \
                        ORDER BY d.name_norm, d.id LIMIT $4 OFFSET $5";
    MEMBER_DEVICES_AMONG_COUNT = "SELECT count(*) FROM group_memberships m JOIN devices d ON d.org_id = m.org_id AND d.id = m.member_id \
                        WHERE m.org_id = $1 AND m.group_id = $2 AND d.search LIKE $3 ESCAPE '\\' AND m.member_id IN {each $4}";
}

/// A group of at least so many members, and of at least one in so many of the organization, is paged by the index of names.
const DENSE_LEAST: i64 = 2_000;
const DENSE_SHARE: i64 = 4;

/// Which page of which group's members.
#[derive(Clone, Copy, Debug)]
pub struct ByName<'t> {
    /// What the group holds.
    pub kind: GroupKind,
    /// Which.
    pub group: Id,
    /// What occurs in their names.
    pub term: &'t str,
    /// How many at most.
    pub limit: i64,
    /// How many are passed over.
    pub skip: i64,
    /// Only these.
    pub among: Option<&'t [Id]>,
}

/// A page of a group's members by name, of those in whose names `term` occurs, and how many those are.
///
/// # Errors
/// The database's.
pub async fn members_by_name(s: &mut impl Source, org: Id, asked: &ByName<'_>) -> Result<(Vec<(Id, Membership)>, i64)> {
    let ByName { kind, group, term, limit, skip, among } = *asked;
    if term.contains('\0') {
        // No text holds it, and the database takes none that does.
        return Ok((Vec::new(), 0));
    }
    if let (true, None) = (term.is_empty(), among) {
        let total = member_count(s, org, group).await?;
        if total >= DENSE_LEAST && total * DENSE_SHARE >= super::derive::count(s, org, kind).await? {
            let page = match kind {
                GroupKind::User => &MEMBER_USERS_DENSE,
                GroupKind::Device => &MEMBER_DEVICES_DENSE,
            };
            let rows: Rows = s.all(page, &[(&org).into(), (&group).into(), limit.into(), skip.into()]).await?;
            return Ok((rows.into_iter().map(one).collect::<Result<_>>()?, total));
        }
    }
    let (page, count) = match (kind, among) {
        (GroupKind::User, None) => (&MEMBER_USERS_BY_NAME, &MEMBER_USERS_NAMED),
        (GroupKind::User, Some(_)) => (&MEMBER_USERS_AMONG, &MEMBER_USERS_AMONG_COUNT),
        (GroupKind::Device, None) => (&MEMBER_DEVICES_BY_NAME, &MEMBER_DEVICES_NAMED),
        (GroupKind::Device, Some(_)) => (&MEMBER_DEVICES_AMONG, &MEMBER_DEVICES_AMONG_COUNT),
    };
    let like = crate::source::like(term);
    let mut counted = vec![(&org).into(), (&group).into(), like.as_str().into()];
    let mut params = vec![(&org).into(), (&group).into(), like.as_str().into(), limit.into(), skip.into()];
    if let Some(ids) = among {
        params.push(V::list(ids));
        counted.push(V::list(ids));
    }
    let rows: Rows = s.all(page, &params).await?;
    let total = s.first::<(i64,)>(count, &counted).await?;
    Ok((rows.into_iter().map(one).collect::<Result<_>>()?, total.map_or(0, |(n,)| n)))
}

fn one((id, via, since, seq): (Id, String, Micros, i64)) -> Result<(Id, Membership)> {
    Ok((id, membership(&via, since, seq)?))
}
