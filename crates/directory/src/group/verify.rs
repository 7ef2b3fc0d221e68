//! Recomputes every membership that a rule decides from nothing and compares: it must find no difference. Run at the end of every
//! test and by a worker.

use std::collections::BTreeMap;

use muster_base::Id;

use super::{ExemptionMode, Method, Via, store};
use crate::{Result, Source, user};

/// Each difference in words; empty when all is right.
///
/// # Errors
/// The database's.
pub async fn verify(s: &mut impl Source, org: Id) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let everyone = user::store::everyone(s, org).await?;
    for group in store::all(s, org).await? {
        let members = store::members(s, org, group.id).await?;
        if group.method == Method::Static {
            let by_rule = members.iter().filter(|(_, m)| m.via != Via::Direct);
            wrong.extend(by_rule.map(|(user, _)| format!("group {} is static, yet a rule put {user} there", group.id)));
            continue;
        }
        let Some(query) = &group.member_query else {
            wrong.push(format!("group {} is dynamic and has no rule", group.id));
            continue;
        };
        let exempt: BTreeMap<Id, ExemptionMode> =
            store::exemptions(s, org, group.id).await?.into_iter().map(|e| (e.user, e.mode)).collect();
        for user in &everyone {
            let is = members.get(&user.id).map(|m| m.via);
            let should = match exempt.get(&user.id) {
                Some(ExemptionMode::Keep) => is.map(|_| Via::Direct),
                Some(ExemptionMode::In) => Some(Via::Exemption),
                Some(ExemptionMode::Out) => None,
                // Not by the same function as the memberships themselves.
                None => muster_rules::explain(query.rule(), user).matched.then_some(Via::Rule),
            };
            wrong.extend(difference(group.id, user.id, is, should));
        }
    }
    Ok(wrong)
}

fn difference(group: Id, user: Id, is: Option<Via>, should: Option<Via>) -> Option<String> {
    match (is, should) {
        (None, Some(_)) => Some(format!("group {group}: {user} should be a member")),
        (Some(_), None) => Some(format!("group {group}: {user} should not be a member")),
        (Some(is), Some(should)) if is != should => Some(format!(
            "group {group}: {user} is a member by \"{}\", which should be \"{}\"",
            is.word(),
            should.word()
        )),
        _ => None,
    }
}
