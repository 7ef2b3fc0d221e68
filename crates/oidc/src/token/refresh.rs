//! A refresh token becomes tokens (RFC 6749 section 6).

use muster_base::Secret;
use muster_oauth::Scope;
use muster_oauth::token::Response;

use super::{Asked, check_registered, invalid_grant, narrowed};
use crate::error::Refusal;
use crate::grant::refresh::{self, Presented};
use crate::issue::Issue;

pub(super) async fn answer(
    asked: &Asked<'_>,
    token: &str,
    scope: Option<Scope>,
    resource: &[String],
) -> Result<Response, Refusal> {
    let (site, client) = (asked.site, &asked.client);
    check_registered(client, resource)?;
    let presented = Presented { token: Secret::new(token), scope, jkt: asked.holder.jkt.clone() };
    let granted = refresh::refresh(site.directory(), client.clone(), presented).await?;
    let (granted, scope) = granted.map_err(|refusal| match refusal {
        refresh::Refusal::Grant(refused) => invalid_grant(client, refused),
        refresh::Refusal::Scope(error) => error,
    })?;
    let resource = narrowed(&granted, resource)?;
    let holder = &asked.holder;
    Ok(Issue { site, client, granted: &granted, scope, holder, resource, nonce: None }.tokens().await?)
}
