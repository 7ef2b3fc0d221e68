//! What follows from time alone: rules that measure from the present, and exemptions that lift.

use std::collections::BTreeMap;

use muster_base::Id;
use muster_db::sql;
use serde_json::json;

use super::affected::Affected;
use super::{derive, exemption, ruleset, store};
use crate::change::Kind;
use crate::{Actor, Directory, Error, Result, Source, Verb, Write};

/// How many are taken up in one transaction.
const BATCH: i64 = 1_000;

sql! {
    global DUE_ORGANIZATIONS = "SELECT org_id FROM group_due WHERE at <= $1 UNION SELECT org_id FROM group_exempt WHERE until_at <= $1";
    DUE_NEXT = "SELECT group_id, member_id FROM group_due WHERE org_id = $1 AND at <= $2 ORDER BY at LIMIT $3";
    DUE_LIFTED = "SELECT group_id, member_id FROM group_exempt WHERE org_id = $1 AND until_at <= $2 ORDER BY until_at LIMIT $3";
}

/// Takes up what is due now in every organization.
///
/// # Errors
/// The database's.
pub async fn take_up(directory: &Directory) -> Result<()> {
    let now = directory.env().clock.now();
    for (org,) in directory.db().all::<(Id,)>(&DUE_ORGANIZATIONS, &[now.into()]).await? {
        loop {
            match directory.write(Actor::system(), org, TakeUp).await {
                Ok(true) => {}
                Ok(false) | Err(Error::Missing(_)) => break,
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}

/// Whether anything is due now, in any organization: cheaper than taking it up.
///
/// # Errors
/// The database's.
pub async fn waits(directory: &Directory) -> Result<bool> {
    let now = directory.env().clock.now();
    Ok(directory.db().first::<(Id,)>(&DUE_ORGANIZATIONS, &[now.into()]).await?.is_some())
}

/// Takes up some; whether there are more.
struct TakeUp;

impl Verb for TakeUp {
    type Out = bool;

    async fn run(&self, w: &mut Write<'_>) -> Result<bool> {
        let (org, now) = (w.org(), w.now());
        let params = [(&org).into(), now.into(), BATCH.into()];
        let due: Vec<(Id, Id)> = w.all(&DUE_NEXT, &params).await?;
        let lifted: Vec<(Id, Id)> = w.all(&DUE_LIFTED, &params).await?;
        for (group, member) in &lifted {
            exemption::remove(w, *group, &[*member]).await?;
        }
        let mut by_group: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
        for (group, member) in due.iter().chain(&lifted) {
            by_group.entry(*group).or_default().push(*member);
        }
        let set = ruleset::of(w).await?;
        let mut affected = Affected::default();
        for (group, members) in &by_group {
            // Each is taken up once, whatever comes of it: where time goes on to matter, the next turn is noted anew.
            let taken: Vec<_> = members.iter().map(|member| (*member, None)).collect();
            super::membership::set_due(w, *group, &taken).await?;
            // A group that holds its members is looked at again when it no longer does.
            let decides = set.place(*group).filter(|_| set.get(*group).is_some_and(|ready| ready.flags.is_empty()));
            if let Some(place) = decides {
                affected.add(place, members.iter().copied());
            }
        }
        let groups: Vec<Id> = by_group.keys().copied().collect();
        let cause = w.cause_seq();
        for group in store::by_ids(w, org, &groups).await? {
            let ended: Vec<Id> = lifted.iter().filter(|(of, _)| *of == group.id).map(|(_, member)| *member).collect();
            let members = by_group.get(&group.id).map_or(0, Vec::len);
            w.log(Kind::GroupMembersDue, group.subject(), json!({"members": members, "exemptionsEnded": ended}));
        }
        derive::run(w, &set, affected, cause).await?;
        Ok(i64::try_from(due.len().max(lifted.len())).is_ok_and(|n| n == BATCH))
    }
}
