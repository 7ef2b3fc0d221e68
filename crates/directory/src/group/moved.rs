//! Who came into groups and left them by the changes of one transaction, as numbers: what a trial tells.

use std::collections::BTreeMap;

use muster_base::Id;
use muster_db::sql;

use super::store;
use crate::{Result, Source, Write};

sql! {
    MOVED_IN = "SELECT group_id, count(*) FROM group_memberships WHERE org_id = $1 AND since_seq >= $2 GROUP BY group_id";
    MOVED_OUT = "SELECT group_id, count(*) FROM group_memberships_ended WHERE org_id = $1 AND ended_seq >= $2 AND since_seq < $2 GROUP BY group_id";
}

/// How many come into a group and leave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The group.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// How many join.
    pub joins: i64,
    /// How many leave.
    pub leaves: i64,
}

/// By group, those that moved by the changes from a number on, the most first.
pub(crate) async fn since(w: &mut Write<'_>, seq: i64) -> Result<Vec<Moved>> {
    let org = w.org();
    let mut counts: BTreeMap<Id, (i64, i64)> = BTreeMap::new();
    for (id, joins) in w.all::<(Id, i64)>(&MOVED_IN, &[(&org).into(), seq.into()]).await? {
        counts.entry(id).or_default().0 = joins;
    }
    for (id, leaves) in w.all::<(Id, i64)>(&MOVED_OUT, &[(&org).into(), seq.into()]).await? {
        counts.entry(id).or_default().1 = leaves;
    }
    let ids: Vec<Id> = counts.keys().copied().collect();
    let mut out: Vec<Moved> = store::by_ids(w, org, &ids)
        .await?
        .into_iter()
        .map(|group| {
            let (joins, leaves) = counts.get(&group.id).copied().unwrap_or_default();
            Moved { id: group.id, name: group.name, joins, leaves }
        })
        .collect();
    out.sort_by_key(|moved| std::cmp::Reverse(moved.joins + moved.leaves));
    Ok(out)
}
