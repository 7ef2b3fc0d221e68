//! A code becomes tokens (RFC 6749 section 4.1.3).

use muster_base::Secret;
use muster_oauth::token::Response;

use super::{Asked, check_registered, invalid_grant, narrowed};
use crate::error::Refusal;
use crate::grant::model::Presented;
use crate::grant::redeem;
use crate::issue::Issue;

/// What the client shows with the code.
pub(super) struct Shown {
    pub(super) redirect_uri: String,
    pub(super) code_verifier: Option<String>,
    pub(super) resource: Vec<String>,
}

pub(super) async fn answer(asked: &Asked<'_>, code: &str, shown: Shown) -> Result<Response, Refusal> {
    let (site, client) = (asked.site, &asked.client);
    check_registered(client, &shown.resource)?;
    let Shown { redirect_uri, code_verifier, resource } = shown;
    let presented = Presented { app: client.app.id, redirect_uri, code_verifier, jkt: asked.holder.jkt.clone() };
    let granted = redeem::redeem(site.directory(), client.clone(), &Secret::new(code), presented).await?;
    let granted = granted.map_err(|refused| invalid_grant(client, refused))?;
    let (scope, nonce) = (granted.grant.scope.clone(), granted.grant.nonce.as_deref());
    let resource = narrowed(&granted, &resource)?;
    Ok(Issue { site, client, granted: &granted, scope, holder: &asked.holder, resource, nonce }.tokens().await?)
}
