//! What a rule would do before it is saved: who joins, who leaves, who stays.

use std::collections::BTreeMap;

use muster_base::Id;

use super::{Exemption, Group, Method, decide, store};
use crate::user::{self, User};
use crate::{Result, Source};

/// What would become of one person's membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Not a member now, one after saving.
    Joins,
    /// A member now, none after saving.
    Leaves,
    /// A member before and after.
    Stays,
}

/// The people whom saving would concern, in the order of their user names.
///
/// # Errors
/// The database's.
pub async fn preview(
    s: &mut impl Source,
    group: &Group,
    saved: bool,
    exemptions: &[Exemption],
) -> Result<Vec<(User, Change)>> {
    let members = if saved { store::members(s, group.org, group.id).await? } else { BTreeMap::new() };
    let exempt: BTreeMap<Id, _> = exemptions.iter().map(|e| (e.user, e.mode)).collect();
    let mut out = Vec::new();
    for user in user::store::everyone(s, group.org).await? {
        let now = members.get(&user.id).map(|m| m.via);
        let after = match (group.method, &group.member_query) {
            (Method::DynamicAutomated, Some(query)) => decide(query, exempt.get(&user.id).copied(), now, &user),
            _ => now,
        };
        let change = match (now, after) {
            (None, Some(_)) => Change::Joins,
            (Some(_), None) => Change::Leaves,
            (Some(_), Some(_)) => Change::Stays,
            (None, None) => continue,
        };
        out.push((user, change));
    }
    out.sort_by_key(|(user, _)| user.username.to_lowercase());
    Ok(out)
}
