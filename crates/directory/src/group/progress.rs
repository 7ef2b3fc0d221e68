//! Groups too large to be worked out in one transaction: noted where their rule changes, worked out step by step, each step
//! a transaction of its own, so that it goes on after the server was killed where it was. Groups that stand at the same place
//! go on together: whoever is looked at is loaded once for all of them.

use std::collections::BTreeMap;

use muster_base::{Id, Micros};
use muster_db::{V, sql};
use serde_json::json;

use super::affected::Affected;
use super::derive;
use super::relation::some_after;
use super::ruleset::{self, Ready, RuleSet};
use super::table::narrows;
use crate::change::Kind;
use crate::{Actor, Directory, Error, Result, Source, Verb, Write};

/// How many people or devices one step looks at.
pub const STEP: usize = 5_000;
/// How many answers of rules one step asks for at most, of those groups that have to ask everybody: with many of them it
/// looks at fewer people, so that no transaction keeps other changes waiting for long.
const ANSWERS_MAX: usize = 500_000;

sql! {
    PROGRESS_BEGIN = "INSERT INTO group_updates (org_id, group_id, after_id, done, total, started_at, cause_seq) \
                  VALUES ($1, $2, '', 0, $3, $4, $5) ON CONFLICT (org_id, group_id) \
                  DO UPDATE SET after_id = '', done = 0, total = $3, started_at = $4, cause_seq = $5";
    PROGRESS_STEP = "UPDATE group_updates SET after_id = $3, done = done + $4 WHERE org_id = $1 AND group_id IN {each $2}";
    PROGRESS_END_EACH = "DELETE FROM group_updates WHERE org_id = $1 AND group_id IN {each $2}";
    PROGRESS_END = "DELETE FROM group_updates WHERE org_id = $1 AND group_id = $2";
    PROGRESS_OF = "SELECT group_id, done, total, started_at FROM group_updates WHERE org_id = $1";
    PROGRESS_PLACE = "SELECT u.after_id, g.kind FROM group_updates u JOIN groups g ON g.org_id = u.org_id AND g.id = u.group_id \
                  WHERE u.org_id = $1 AND u.group_id = $2";
    PROGRESS_AT = "SELECT u.group_id, u.done, u.started_at, u.cause_seq FROM group_updates u \
               JOIN groups g ON g.org_id = u.org_id AND g.id = u.group_id \
               WHERE u.org_id = $1 AND u.after_id = $2 AND g.kind = $3 ORDER BY u.group_id";
    global PROGRESS_LAST = "SELECT u.org_id, min(u.group_id) FROM group_updates u \
                        WHERE u.after_id = (SELECT min(l.after_id) FROM group_updates l WHERE l.org_id = u.org_id) \
                        GROUP BY u.org_id ORDER BY min(u.started_at) LIMIT 100";
}

/// How far a group is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many were looked at.
    pub done: i64,
    /// How many there are.
    pub total: i64,
    /// Since when.
    pub started_at: Micros,
}

/// The groups of an organization that are being worked out.
///
/// # Errors
/// The database's.
pub async fn of(s: &mut impl Source, org: Id) -> Result<BTreeMap<Id, Progress>> {
    let rows: Vec<(Id, i64, i64, Micros)> = s.all(&PROGRESS_OF, &[(&org).into()]).await?;
    Ok(rows.into_iter().map(|(id, done, total, started_at)| (id, Progress { done, total, started_at })).collect())
}

/// Notes that a group is to be worked out from the beginning.
pub(super) async fn begin(w: &mut Write<'_>, ready: &Ready, cause: i64) -> Result<()> {
    let (org, now) = (w.org(), w.now());
    let total = derive::count(w, org, ready.group.kind).await?;
    let id = ready.group.id;
    w.exec(&PROGRESS_BEGIN, &[(&org).into(), (&id).into(), total.into(), now.into(), cause.into()]).await?;
    Ok(())
}

/// Forgets that a group was to be worked out: it is.
pub(super) async fn end(w: &mut Write<'_>, group: Id) -> Result<()> {
    let org = w.org();
    w.exec(&PROGRESS_END, &[(&org).into(), (&group).into()]).await?;
    Ok(())
}

/// Works out the next of a group, and of those that stand at the same place. Whether there are more.
pub struct Step {
    /// Which.
    pub group: Id,
    /// How many people or devices at most.
    pub limit: usize,
}

/// A group that goes on.
struct Going {
    id: Id,
    done: i64,
    started_at: Micros,
    cause: i64,
}

impl Verb for Step {
    type Out = bool;

    async fn run(&self, w: &mut Write<'_>) -> Result<bool> {
        let org = w.org();
        let params = [(&org).into(), (&self.group).into()];
        let Some((after, kind)) = w.first::<(String, String)>(&PROGRESS_PLACE, &params).await? else {
            let known = super::store::any(w, org, self.group).await?.is_some();
            return if known { Ok(false) } else { Err(Error::Missing("group")) };
        };
        let set = ruleset::of(w).await?;
        let (mut going, mut places) = (Vec::new(), Vec::new());
        for one in at(w, &after, &kind).await? {
            // What holds its members is looked at again when it no longer does.
            match set.place(one.id).filter(|place| set.at(*place).is_some_and(|ready| ready.flags.is_empty())) {
                Some(place) => {
                    places.push(place);
                    going.push(one);
                }
                None => end(w, one.id).await?,
            }
        }
        let Some(kind) = places.first().and_then(|place| set.at(*place)).map(|ready| ready.group.kind) else {
            return Ok(false);
        };
        let one_by_one = places.iter().filter_map(|place| set.at(*place)).filter(|ready| !narrows(ready)).count();
        let limit = self.limit.min((ANSWERS_MAX / one_by_one.max(1)).max(1));
        let ids = some_after(w, org, kind, &after, limit).await?;
        let causes: BTreeMap<Id, i64> = going.iter().map(|one| (one.id, one.cause)).collect();
        let first = going.iter().map(|one| one.cause).min().unwrap_or_default();
        let affected = Affected::in_step(places, ids.clone());
        derive::run_each(w, &set, affected, &|group| causes.get(&group).copied().unwrap_or(first)).await?;
        let more = ids.len() == limit;
        go_further(w, &set, &going, &ids, more).await?;
        Ok(more)
    }
}

/// The groups of a kind that stand at a place.
async fn at(w: &mut Write<'_>, after: &str, kind: &str) -> Result<Vec<Going>> {
    let params = [(&w.org()).into(), after.into(), kind.into()];
    let rows: Vec<(Id, i64, Micros, i64)> = w.all(&PROGRESS_AT, &params).await?;
    Ok(rows.into_iter().map(|(id, done, started_at, cause)| Going { id, done, started_at, cause }).collect())
}

/// Notes how far the groups are, and tells whoever follows the log.
async fn go_further(w: &mut Write<'_>, set: &RuleSet, going: &[Going], ids: &[Id], more: bool) -> Result<()> {
    let (org, now) = (w.org(), w.now());
    let looked_at = i64::try_from(ids.len()).unwrap_or(0);
    let groups = V::list(going.iter().map(|one| one.id));
    match ids.last() {
        Some(last) if more => w.exec(&PROGRESS_STEP, &[(&org).into(), groups, last.into(), looked_at.into()]).await?,
        _ => w.exec(&PROGRESS_END_EACH, &[(&org).into(), groups]).await?,
    };
    let part = i64::try_from(STEP).unwrap_or(i64::MAX);
    for one in going {
        let Some(ready) = set.get(one.id) else { continue };
        let done = one.done + looked_at;
        if !more {
            w.followed(now.0 - one.started_at.0);
            w.log(Kind::GroupMembersUpdate, ready.group.subject(), json!({"done": done, "finished": true}));
        } else if going.len() == 1 || done / part != one.done / part {
            // Many groups in small steps do not fill the log.
            w.log(Kind::GroupMembersUpdate, ready.group.subject(), json!({"done": done}));
        }
    }
    Ok(())
}

/// Whether any group, in any organization, is still to be worked out.
///
/// # Errors
/// The database's.
pub async fn waits(directory: &Directory) -> Result<bool> {
    Ok(directory.db().first::<(Id, Id)>(&PROGRESS_LAST, &[]).await?.is_some())
}

/// Goes on with every organization whose groups are being worked out, one step each, those that are the least far first, since
/// they catch up with the others and then go on with them; whether there is more to do.
///
/// # Errors
/// The database's.
pub async fn go_on(directory: &Directory) -> Result<bool> {
    let waiting = directory.db().all::<(Id, Id)>(&PROGRESS_LAST, &[]).await?;
    for (org, group) in &waiting {
        match directory.write(Actor::system(), *org, Step { group: *group, limit: STEP }).await {
            // The organization was removed, or the group.
            Ok(_) | Err(Error::Missing(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(!waiting.is_empty())
}
