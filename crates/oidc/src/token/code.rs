//! A code becomes tokens (RFC 6749 section 4.1.3).

use muster_base::Secret;
use muster_oauth::token::Response;

use super::{Asked, invalid_grant};
use crate::error::Refusal;
use crate::grant::model::Presented;
use crate::grant::redeem;
use crate::issue::Issue;

pub(super) async fn answer(
    asked: &Asked<'_>,
    code: &str,
    redirect_uri: String,
    code_verifier: Option<String>,
) -> Result<Response, Refusal> {
    let (site, client) = (asked.site, &asked.client);
    let presented = Presented { app: client.app.id, redirect_uri, code_verifier, jkt: asked.holder.jkt.clone() };
    let granted = redeem::redeem(site.directory(), client.clone(), &Secret::new(code), presented).await?;
    let granted = granted.map_err(|refused| invalid_grant(client, refused))?;
    let (scope, nonce) = (granted.grant.scope.clone(), granted.grant.nonce.as_deref());
    Ok(Issue { site, client, granted: &granted, scope, holder: &asked.holder, nonce }.tokens().await?)
}
