//! Recomputes every dynamic membership from nothing and compares: it must find no difference. Run at the end of every
//! test and by a worker.

use std::collections::{BTreeMap, BTreeSet};

use muster_base::Id;

use super::{ExemptionMode, store};
use crate::{Result, Source, user};

/// Each difference in words; empty when all is right.
///
/// # Errors
/// The database's.
pub async fn verify(s: &mut impl Source, org: Id) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let everyone = user::store::everyone(s, org).await?;
    for group in store::dynamic(s, org).await? {
        let Some(query) = &group.member_query else {
            wrong.push(format!("group {} is dynamic and has no rule", group.id));
            continue;
        };
        let exempt: BTreeMap<Id, ExemptionMode> =
            store::exemptions(s, org, group.id).await?.into_iter().map(|e| (e.user, e.mode)).collect();
        let members: BTreeSet<Id> = store::members(s, org, group.id).await?.into_keys().collect();
        for user in &everyone {
            let should = match exempt.get(&user.id) {
                Some(ExemptionMode::Keep) => continue,
                Some(mode) => *mode == ExemptionMode::In,
                None => muster_rules::explain(query.rule(), user).matched,
            };
            if should != members.contains(&user.id) {
                wrong.push(format!(
                    "group {}: {} should {}be a member",
                    group.id,
                    user.id,
                    if should { "" } else { "not " }
                ));
            }
        }
    }
    Ok(wrong)
}
