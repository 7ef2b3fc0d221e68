//! The token endpoint (RFC 6749 section 3.2, OpenID Connect Core 3.1.3 and 12) as a list of steps: organization, form,
//! client, request, whether the client is registered for it, who holds the token. Then a file for each grant.

mod client_credentials;
mod code;
mod device_code;
mod exchange;
mod refresh;

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use muster_directory::application::GrantType;
use muster_http::Site;
use muster_oauth::token::{self, Request};
use muster_oauth::{Error, ErrorCode, resource};

use crate::client::Client;
use crate::error::Refusal;
use crate::grant::model::Refused;
use crate::grant::redeem::Granted;
use crate::holder::{self, Holder};
use crate::{body, client, organization};

/// The header that brings a client the nonce for its next proof (RFC 9449 section 8.2).
pub const NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// A token request whose client is who it says, and may ask for this.
struct Asked<'a> {
    site: &'a Site,
    client: Arc<Client>,
    holder: Holder,
}

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
    let request = Request::read(&form)?;
    registered_for(&client, grant_type(&request))?;
    let holder = holder::at_token_endpoint(&site, &client, &headers, "/oauth2/token").await?;
    let bound = holder.jkt.is_some();
    let asked = Asked { site: &site, client: Arc::new(client), holder };
    let answer = match request {
        Request::AuthorizationCode { code, redirect_uri, code_verifier, resource } => {
            code::answer(&asked, &code, code::Shown { redirect_uri, code_verifier, resource }).await?
        }
        Request::RefreshToken { refresh_token, scope, resource } => {
            refresh::answer(&asked, &refresh_token, scope, &resource).await?
        }
        Request::ClientCredentials { scope } => client_credentials::answer(&asked, scope).await?,
        Request::DeviceCode { device_code } => device_code::answer(&asked, &device_code).await?,
        Request::TokenExchange(exchange) => exchange::answer(&asked, &exchange).await?,
    };
    let mut response = ([(header::CACHE_CONTROL, "no-store")], Json::<token::Response>(answer)).into_response();
    if bound && let Ok(nonce) = HeaderValue::from_str(&holder::nonce(&site, organization.id)) {
        response.headers_mut().insert(NONCE, nonce);
    }
    Ok(response)
}

const fn grant_type(request: &Request) -> GrantType {
    match request {
        Request::AuthorizationCode { .. } => GrantType::AuthorizationCode,
        Request::RefreshToken { .. } => GrantType::RefreshToken,
        Request::ClientCredentials { .. } => GrantType::ClientCredentials,
        Request::DeviceCode { .. } => GrantType::DeviceCode,
        Request::TokenExchange(_) => GrantType::TokenExchange,
    }
}

/// RFC 6749 section 5.2: a client uses the grant types that an administrator gave it, and no other.
///
/// # Errors
/// `unauthorized_client`.
pub fn registered_for(client: &Client, grant: GrantType) -> Result<(), Error> {
    if client.oidc.may(grant) {
        return Ok(());
    }
    let why = format!("the client is not registered for the grant type {}", grant.word());
    Err(Error::new(ErrorCode::UnauthorizedClient, why))
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

/// RFC 6749 section 5.2. What leaked is worth a line in the log.
fn invalid_grant(client: &Client, refused: Refused) -> Error {
    if refused.revoke {
        tracing::warn!(org = %client.organization.id, application = %client.app.id, reason = refused.reason, "grant revoked");
    }
    Error::new(ErrorCode::InvalidGrant, refused.reason)
}
