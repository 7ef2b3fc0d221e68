//! The userinfo endpoint (OpenID Connect Core 5.3).

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use muster_http::Site;
use muster_oauth::{Error, ErrorCode, Params, bearer};
use serde_json::json;

use crate::error::{REALM, Refusal};
use crate::issue::everything;
use crate::{access_token, body, claims, organization, requested_claims};

/// `GET /o/{slug}/userinfo`
pub async fn get(State(site): State<Site>, Path(slug): Path<String>, headers: HeaderMap) -> Result<Response, Refusal> {
    answer(&site, &slug, &headers, None).await
}

/// `POST /o/{slug}/userinfo`, with the token in the header or in a form (RFC 6750 section 2.2).
pub async fn post(
    State(site): State<Site>,
    Path(slug): Path<String>,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let form = if body::is_form(&headers) { Some(body::form(&headers, bytes)?) } else { None };
    answer(&site, &slug, &headers, form.as_ref()).await
}

async fn answer(site: &Site, slug: &str, headers: &HeaderMap, form: Option<&Params>) -> Result<Response, Refusal> {
    let organization = organization::for_program(site, slug).await?;
    let Some(token) = bearer::read(body::authorization(headers), form)? else {
        let challenge = [(header::WWW_AUTHENTICATE, bearer::challenge(REALM))];
        return Ok(
            (StatusCode::UNAUTHORIZED, [(header::CACHE_CONTROL, "no-store".to_owned())], challenge).into_response()
        );
    };
    let opened = access_token::open(site, &organization, token).await?;
    if !opened.scope.contains("openid") {
        return Err(Error::new(ErrorCode::InsufficientScope, "the access token lacks the scope openid").into());
    }
    let standing = &opened.standing;
    let mut claims = claims::about(&opened.client.oidc, &standing.user, &standing.groups, &opened.scope);
    let wanted = &opened.terms.claims.userinfo;
    if !wanted.is_empty() {
        requested_claims::add(&mut claims, everything(&opened.client, standing), wanted);
    }
    claims.insert("sub".to_owned(), json!(standing.user.id));
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(claims)).into_response())
}
