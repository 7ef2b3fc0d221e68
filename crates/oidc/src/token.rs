//! The token endpoint (RFC 6749 section 3.2, OpenID Connect Core 3.1.3 and 12).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};
use muster_base::Secret;
use muster_http::Site;
use muster_oauth::token::Request;
use muster_oauth::{Error, ErrorCode, Scope, resource};

use crate::client::Client;
use crate::error::Refusal;
use crate::grant::model::{Presented, Refused};
use crate::grant::redeem::Granted;
use crate::grant::{redeem, refresh};
use crate::issue::Issue;
use crate::{body, client, organization};

/// `POST /o/{slug}/oauth2/token`
pub async fn post(
    State(site): State<Site>,
    Path(slug): Path<String>,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let organization = organization::for_program(&site, &slug).await?;
    let form = body::form(&headers, bytes)?;
    let client = client::authenticate(&site, &organization, &headers, &form).await?;
    let client = Arc::new(client);
    match Request::read(&form)? {
        Request::AuthorizationCode { code, redirect_uri, code_verifier, resource } => {
            check_registered(&client, &resource)?;
            let presented = Presented { app: client.app.id, redirect_uri, code_verifier };
            by_code(&site, client, &Secret::new(code), presented, &resource).await
        }
        Request::RefreshToken { refresh_token, scope, resource } => {
            check_registered(&client, &resource)?;
            by_refresh_token(&site, client, &Secret::new(refresh_token), scope, &resource).await
        }
    }
}

/// Before anything is used up: a resource that the client never registered.
fn check_registered(client: &Client, resource: &[String]) -> Result<(), Error> {
    resource::narrow(resource, &client.oidc.requests.resources, &[]).map(|_| ())
}

/// What of the granted resources this token is for (RFC 8707 section 2.2): never more.
fn narrowed(granted: &Granted, resource: &[String]) -> Result<Vec<String>, Error> {
    let own = &granted.grant.terms.resource;
    resource::narrow(resource, own, own)
}

async fn by_code(
    site: &Site,
    client: Arc<Client>,
    code: &Secret,
    presented: Presented,
    resource: &[String],
) -> Result<Response, Refusal> {
    let granted = redeem::redeem(site.directory(), client.clone(), code, presented).await?;
    let granted = granted.map_err(|refused| invalid_grant(&client, refused))?;
    let scope = granted.grant.scope.clone();
    let nonce = granted.grant.nonce.as_deref();
    let resource = narrowed(&granted, resource)?;
    answer(Issue { site, client: &client, granted: &granted, scope, resource, nonce }).await
}

async fn by_refresh_token(
    site: &Site,
    client: Arc<Client>,
    token: &Secret,
    scope: Option<Scope>,
    resource: &[String],
) -> Result<Response, Refusal> {
    if !client.may_refresh() {
        let why = "the client is not registered for the grant type refresh_token";
        return Err(Error::new(ErrorCode::UnauthorizedClient, why).into());
    }
    let granted = refresh::refresh(site.directory(), client.clone(), token, scope).await?;
    let (granted, scope) = granted.map_err(|refusal| match refusal {
        refresh::Refusal::Grant(refused) => invalid_grant(&client, refused),
        refresh::Refusal::Scope(error) => error,
    })?;
    let resource = narrowed(&granted, resource)?;
    answer(Issue { site, client: &client, granted: &granted, scope, resource, nonce: None }).await
}

/// RFC 6749 section 5.2. What leaked is worth a line in the log.
fn invalid_grant(client: &Client, refused: Refused) -> Error {
    if refused.revoke {
        tracing::warn!(org = %client.organization.id, application = %client.app.id, reason = refused.reason, "grant revoked");
    }
    Error::new(ErrorCode::InvalidGrant, refused.reason)
}

async fn answer(issue: Issue<'_>) -> Result<Response, Refusal> {
    let tokens = issue.tokens().await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(tokens)).into_response())
}
