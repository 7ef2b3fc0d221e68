//! Tells administrators by mail that a rule suggests something, in groups that ask for it: once when something begins to
//! wait, not for each of many.

use super::membership;
use super::ruleset::Ready;
use crate::mail::{self, Message};
use crate::{Result, Write, administrator, organization};

/// Queues the mails where nothing waited before. Called before the new suggestions are written.
pub(super) async fn if_first(w: &mut Write<'_>, ready: &Ready) -> Result<()> {
    let org = w.org();
    let group = &ready.group;
    if !group.doc.suggestions_notify || membership::suggestion_counts(w, org).await?.contains_key(&group.id) {
        return Ok(());
    }
    let organization = organization::store::get(w, org).await?;
    let page = match group.kind {
        super::GroupKind::User => "user-groups",
        super::GroupKind::Device => "device-groups",
    };
    let link = w.link(&format!("/console/{}/{page}/{}?tab=suggestions", organization.slug, group.id));
    for admin in administrator::store::of_organization(w, org).await? {
        if !admin.suspended {
            let message = Message::suggestions(&organization, &admin.email, &group.name, link.clone());
            mail::queue(w, admin.id, &message).await?;
        }
    }
    Ok(())
}
