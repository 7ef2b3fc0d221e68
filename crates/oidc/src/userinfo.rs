//! The userinfo endpoint (OpenID Connect Core 5.3): JSON, or a signed or encrypted token where the application asks for it.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, header};
use muster_directory::application::subject;
use muster_directory::{Error, key};
use muster_http::Site;
use muster_oauth::{Error as Refused, ErrorCode, Params};
use serde_json::{Map, Value, json};

use crate::client::Client;
use crate::error::Refusal;
use crate::issue::everything;
use crate::{body, claims, organization, protect, requested_claims, resource};

/// `GET /o/{slug}/userinfo`
pub async fn get(State(site): State<Site>, Path(slug): Path<String>, headers: HeaderMap) -> Result<Response, Refusal> {
    answer(&site, &slug, (Method::GET, &headers), None).await
}

/// `POST /o/{slug}/userinfo`, with the token in the header or in a form (RFC 6750 section 2.2).
pub async fn post(
    State(site): State<Site>,
    Path(slug): Path<String>,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let form = if body::is_form(&headers) { Some(body::form(&headers, bytes)?) } else { None };
    answer(&site, &slug, (Method::POST, &headers), form.as_ref()).await
}

async fn answer(
    site: &Site,
    slug: &str,
    (method, headers): (Method, &HeaderMap),
    form: Option<&Params>,
) -> Result<Response, Refusal> {
    let organization = organization::for_program(site, slug).await?;
    let request = resource::Request { method, path: "/userinfo", headers, form };
    let Some(opened) = resource::open(site, &organization, &request).await? else { return Ok(resource::challenge()) };
    if !opened.scope.contains("openid") {
        return Err(Refused::new(ErrorCode::InsufficientScope, "the access token lacks the scope openid").into());
    }
    let (standing, oidc) = (&opened.standing, &opened.client.oidc);
    let mut claims = claims::about(oidc, &standing.user, &standing.groups, &opened.scope);
    let wanted = &opened.terms.claims.userinfo;
    if !wanted.is_empty() {
        requested_claims::add(&mut claims, everything(&opened.client, standing), wanted);
    }
    let subject = subject::of(site.directory(), organization.id, oidc, standing.user.id).await?;
    claims.insert("sub".to_owned(), subject.into());
    Ok(written(site, &opened.client, claims).await?)
}

/// The answer as the application wants it (Core 5.3.2): a token says who made it and for whom.
async fn written(site: &Site, client: &Client, mut claims: Map<String, Value>) -> muster_directory::Result<Response> {
    let no_store = (header::CACHE_CONTROL, "no-store");
    let tokens = &client.oidc.tokens;
    let signed = match tokens.userinfo_signed_response_alg {
        None => None,
        Some(alg) => {
            claims.insert("iss".to_owned(), site.issuer(&client.organization.slug).into());
            claims.insert("aud".to_owned(), json!(client.app.id));
            let key = key::signing(site.directory(), client.organization.id, alg).await?;
            // Without a type: it must not pass for an ID token.
            Some(protect::sign(&key, None, &claims)?)
        }
    };
    let token = match (signed, tokens.userinfo_encryption()) {
        (None, None) => return Ok(([no_store], Json(claims)).into_response()),
        (Some(signed), encryption) => protect::token(site, client, encryption, signed).await?,
        (None, Some(how)) => {
            let plain = serde_json::to_vec(&claims).map_err(|e| Error::Internal(e.to_string()))?;
            protect::content(site, client, how, &plain, None).await?
        }
    };
    Ok(([no_store, (header::CONTENT_TYPE, "application/jwt")], token).into_response())
}
