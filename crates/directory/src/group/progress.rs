//! Groups too large to be worked out in one transaction: noted where their rule changes, worked out step by step, each step
//! a transaction of its own, so that it goes on after the server was killed where it was.

use muster_base::{Id, Micros};
use muster_db::sql;
use serde_json::json;

use super::affected::Affected;
use super::derive;
use super::relation::some_after;
use super::ruleset::{self, Ready};
use crate::change::Kind;
use crate::{Actor, Directory, Error, Result, Source, Verb, Write};

/// How many people or devices one step looks at.
pub const STEP: usize = 5_000;

sql! {
    PROGRESS_BEGIN = "INSERT INTO group_updates (org_id, group_id, after_id, done, total, started_at, cause_seq) \
                  VALUES ($1, $2, '', 0, $3, $4, $5) ON CONFLICT (org_id, group_id) \
                  DO UPDATE SET after_id = '', done = 0, total = $3, started_at = $4, cause_seq = $5";
    PROGRESS_STEP = "UPDATE group_updates SET after_id = $3, done = $4 WHERE org_id = $1 AND group_id = $2";
    PROGRESS_END = "DELETE FROM group_updates WHERE org_id = $1 AND group_id = $2";
    PROGRESS_OF = "SELECT group_id, done, total, started_at FROM group_updates WHERE org_id = $1";
    PROGRESS_ONE = "SELECT after_id, done, cause_seq FROM group_updates WHERE org_id = $1 AND group_id = $2";
    global PROGRESS_ALL = "SELECT org_id, group_id FROM group_updates ORDER BY started_at, group_id LIMIT 100";
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
pub async fn of(s: &mut impl Source, org: Id) -> Result<std::collections::BTreeMap<Id, Progress>> {
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

/// Works out the next of a group. Whether there are more.
pub struct Step {
    /// Which.
    pub group: Id,
    /// How many at most.
    pub limit: usize,
}

impl Verb for Step {
    type Out = bool;

    async fn run(&self, w: &mut Write<'_>) -> Result<bool> {
        let org = w.org();
        let Some((after, done, cause)) =
            w.first::<(String, i64, i64)>(&PROGRESS_ONE, &[(&org).into(), (&self.group).into()]).await?
        else {
            let known = super::store::any(w, org, self.group).await?.is_some();
            return if known { Ok(false) } else { Err(Error::Missing("group")) };
        };
        let set = ruleset::of(w).await?;
        let Some(place) = set.place(self.group) else { return Ok(false) };
        let Some(ready) = set.at(place).filter(|ready| ready.flags.is_empty()) else {
            end(w, self.group).await?;
            return Ok(false);
        };
        let ids = some_after(w, org, ready.group.kind, &after, self.limit).await?;
        let mut affected = Affected::default();
        affected.add(place, ids.iter().copied());
        derive::run(w, &set, affected, cause).await?;
        let done = done + i64::try_from(ids.len()).unwrap_or(0);
        match ids.last() {
            Some(last) if ids.len() == self.limit => {
                let params = [(&org).into(), (&self.group).into(), last.into(), done.into()];
                w.exec(&PROGRESS_STEP, &params).await?;
                // Whoever follows the log is told as it goes.
                w.log(Kind::GroupMembersUpdate, ready.group.subject(), json!({"done": done}));
                Ok(true)
            }
            _ => {
                end(w, self.group).await?;
                w.log(Kind::GroupMembersUpdate, ready.group.subject(), json!({"done": done, "finished": true}));
                Ok(false)
            }
        }
    }
}

/// Goes on with every group that is being worked out, one step each; whether there is more to do.
///
/// # Errors
/// The database's.
pub async fn go_on(directory: &Directory) -> Result<bool> {
    let mut more = false;
    for (org, group) in directory.db().all::<(Id, Id)>(&PROGRESS_ALL, &[]).await? {
        match directory.write(Actor::system(), org, Step { group, limit: STEP }).await {
            Ok(rest) => more |= rest,
            // The organization was removed.
            Err(Error::Missing(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(more)
}
