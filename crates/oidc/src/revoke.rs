//! The revocation endpoint (RFC 7009).

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use muster_base::Secret;
use muster_http::Site;
use muster_oauth::revoke::Request;
use muster_oauth::{Error, ErrorCode};

use crate::client::Client;
use crate::error::Refusal;
use crate::{access_token, body, client, grant, organization};

/// `POST /o/{slug}/oauth2/revoke`. A refresh token takes its whole family with it, and the access tokens given with it
/// open userinfo no more; an opaque access token ends by itself. A token that is unknown or another client's is answered
/// alike (section 2.2). A signed access token is not kept and lives out its time, which its client is told (section 2.2.1).
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
    let token = Secret::new(request.token);
    let (directory, org, app) = (site.directory(), organization.id, client.app.id);
    // An opaque token has no dots.
    if token.expose().contains('.') {
        return signed(&site, &client, token.expose()).await;
    }
    if !access_token::store::revoke(directory, org, app, token.digest()).await? {
        grant::revoke::revoke(directory, org, app, &token).await?;
    }
    Ok(done())
}

async fn signed(site: &Site, client: &Client, token: &str) -> Result<Response, Refusal> {
    match access_token::read(site, &client.organization, token).await {
        Ok(read) if read.client.id() == client.id() => {
            let why = "a signed access token lives out its time: revoke its refresh token, or let this client have opaque ones";
            Err(Error::new(ErrorCode::UnsupportedTokenType, why).into())
        }
        Ok(_) => Ok(done()),
        // One that does not hold any more is what was asked for.
        Err(Refusal::Protocol(error)) if error.code == ErrorCode::InvalidToken => Ok(done()),
        Err(other) => Err(other),
    }
}

fn done() -> Response {
    (StatusCode::OK, [(header::CACHE_CONTROL, "no-store")]).into_response()
}
