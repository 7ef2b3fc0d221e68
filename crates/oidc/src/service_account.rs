//! The token endpoint of the administrators' API: a service account shows its secret (RFC 6749 section 4.4), as
//! JumpCloud's clients do at `/oauth2/token`. It belongs to no issuer; its tokens open the API alone.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};
use muster_base::Secret;
use muster_directory::service_account::token::{self, TTL_S};
use muster_http::{Context, Site};
use muster_oauth::client_auth;
use muster_oauth::{Error, ErrorCode, token as oauth};

use crate::body;
use crate::error::Refusal;

/// The only scope there is: what an account may do is its role's.
const SCOPE: &str = "api";

/// `POST /oauth2/token`
pub async fn post(
    State(site): State<Site>,
    context: Context,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let form = body::form(&headers, bytes)?;
    let presented = client_auth::read(body::authorization(&headers), &form)?;
    let failed =
        || Error::new(ErrorCode::InvalidClient, "client authentication failed: check client_id and client_secret");
    match form.required("grant_type")? {
        "client_credentials" => {}
        _ => {
            let why = "grant_type must be client_credentials";
            return Err(Error::new(ErrorCode::UnsupportedGrantType, why).into());
        }
    }
    if form.get("scope").is_some_and(|scope| scope != SCOPE) {
        return Err(Error::new(ErrorCode::InvalidScope, "the only scope is api").into());
    }
    site.rates().sign_in(&context.prefix()).map_err(Refusal::TooOften)?;
    let secret = Secret::new(presented.secret.ok_or_else(failed)?);
    let token = token::issue(site.directory(), &presented.client_id, &secret).await?.ok_or_else(failed)?;
    let answer = oauth::Response {
        access_token: token.expose().to_owned(),
        token_type: "Bearer".to_owned(),
        expires_in: u64::try_from(TTL_S).ok(),
        scope: Some(SCOPE.to_owned()),
        ..oauth::Response::default()
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}
