//! A client asks for itself (RFC 6749 section 4.4). Nothing is read but the client, which is kept in memory, and nothing
//! is written: the speed is that of the signature.

use muster_oauth::token::Response;
use muster_oauth::{Error, ErrorCode, Scope};

use super::Asked;
use crate::access_token::issue::{self, New};
use crate::client::Client;
use crate::error::Refusal;

pub(super) async fn answer(asked: &Asked<'_>, scope: Option<Scope>) -> Result<Response, Refusal> {
    let (site, client) = (asked.site, &asked.client);
    let scope = granted(client, scope)?;
    let new = New {
        client,
        subject: &client.id(),
        scope: &scope,
        audience: &[site.issuer(&client.organization.slug)],
        grant: None,
        acr: None,
        holder: &asked.holder,
        exchanged: false,
        act: None,
        ends_by_s: None,
    };
    let made = issue::issue(site, new).await?;
    Ok(Response {
        access_token: made.token,
        token_type: asked.holder.token_type().to_owned(),
        expires_in: u64::try_from(made.expires_in_s).ok(),
        scope: Some(scope.to_string()),
        ..Response::default()
    })
}

/// What it is registered for, or less; a scope about people is never among it. No refresh token comes of it (section
/// 4.4.3).
fn granted(client: &Client, asked: Option<Scope>) -> Result<Scope, Error> {
    let registered = Scope::parse(&client.oidc.access.scope)?;
    match asked {
        None => Ok(registered),
        Some(asked) if asked.is_subset_of(&registered) => Ok(asked),
        Some(_) => Err(Error::new(ErrorCode::InvalidScope, "the scope names what this client is not registered for")),
    }
}
