//! Dynamic memberships as a derived fact: recomputed in the transaction of the change that may alter them.

use std::collections::{BTreeMap, BTreeSet};

use muster_base::Id;

use super::store::Membership;
use super::{Group, Method, Via, decide, store};
use crate::user::{self, User};
use crate::{Result, Write};

/// Recomputes one group for everyone: its rule, method or exemptions changed.
pub(crate) async fn all_users(w: &mut Write<'_>, group: Id) -> Result<()> {
    let group = store::get(w, w.org(), group).await?;
    if group.method != Method::DynamicAutomated {
        return Ok(());
    }
    let members = store::members(w, w.org(), group.id).await?;
    let exemptions: BTreeMap<Id, _> =
        store::exemptions(w, w.org(), group.id).await?.into_iter().map(|e| (e.user, e.mode)).collect();
    for user in user::store::everyone(w, w.org()).await? {
        let now = members.get(&user.id).copied();
        apply(w, &group, &user, now, exemptions.get(&user.id).copied()).await?;
    }
    Ok(())
}

/// Recomputes every dynamic group for some people: their attributes or state changed.
pub(crate) async fn users(w: &mut Write<'_>, users: &BTreeSet<Id>) -> Result<()> {
    let groups = store::dynamic(w, w.org()).await?;
    for id in users {
        let Some(user) = user::store::by_id(w, w.org(), *id).await? else { continue };
        let memberships = store::memberships_of(w, w.org(), *id).await?;
        let exemptions = store::exemptions_of(w, w.org(), *id).await?;
        for group in &groups {
            let now = memberships.get(&group.id).copied();
            apply(w, group, &user, now, exemptions.get(&group.id).copied()).await?;
        }
    }
    Ok(())
}

/// Brings one membership to what the rule says.
async fn apply(
    w: &mut Write<'_>,
    group: &Group,
    user: &User,
    now: Option<Membership>,
    exemption: Option<super::ExemptionMode>,
) -> Result<()> {
    let Some(query) = &group.member_query else { return Ok(()) };
    let now: Option<Via> = now.map(|m| m.via);
    match (now, decide(query, exemption, now, user)) {
        (None, Some(via)) => store::begin(w, group.id, user.id, via).await,
        (Some(_), None) => store::end(w, group.id, user.id).await,
        (Some(from), Some(to)) if from != to => store::set_via(w, group.id, user.id, to).await,
        _ => Ok(()),
    }
}
