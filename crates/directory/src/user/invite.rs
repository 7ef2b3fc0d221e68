//! Asks a person who came without a password to choose one: a consequence of being made or let in.

use muster_base::Id;

use super::store;
use super::token::{self, Purpose};
use crate::mail::{self, Message};
use crate::{Error, Result, Write};

/// Queues the activation mail for an active person who has no password here and is to sign in with one.
pub(crate) async fn if_due(w: &mut Write<'_>, id: Id) -> Result<()> {
    let Some(user) = store::by_id(w, w.org(), id).await? else { return Ok(()) };
    if user.password_hash.is_some() {
        return Ok(());
    }
    match super::set_password::may_choose(w, &user).await {
        Err(Error::Denied(_)) => return Ok(()),
        other => other?,
    }
    let organization = w.organization().await?;
    let secret = token::insert(w, id, Purpose::Activate).await?;
    let link = w.link(&format!("/activate?token={}", secret.expose()));
    mail::queue(w, id, &Message::activation(&organization, &user, link)).await
}
