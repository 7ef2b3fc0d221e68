//! The key set (RFC 7517), to be kept by whoever checks our tokens: a new key is published an hour before it signs.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use muster_directory::key;
use muster_http::Site;
use muster_jose::JwkSet;

use crate::error::Refusal;
use crate::organization;

/// How long the set and the metadata may be kept, in seconds: less than a key's lead ([`key::LEAD_S`]).
pub const MAX_AGE_S: i64 = 900;
const _: () = assert!(MAX_AGE_S < key::LEAD_S);

/// `GET /o/{slug}/.well-known/jwks.json`
pub async fn get(State(site): State<Site>, Path(slug): Path<String>, headers: HeaderMap) -> Result<Response, Refusal> {
    let organization = organization::for_program(&site, &slug).await?;
    let set: JwkSet = key::published(site.directory(), organization.id).await?.into_iter().collect();
    Ok(document(&headers, &set, "application/jwk-set+json"))
}

/// A public document with what caches need: its age and a name for its content.
pub fn document(headers: &HeaderMap, content: &impl serde::Serialize, kind: &'static str) -> Response {
    let body = serde_json::to_vec(content).unwrap_or_default();
    let etag = format!("\"{}\"", hex::encode(&muster_base::digest(&body)[..16]));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let same = known.split(',').any(|one| one.trim().trim_start_matches("W/") == etag);
    let caching = [(header::CACHE_CONTROL, format!("public, max-age={MAX_AGE_S}")), (header::ETAG, etag)];
    if same {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    (caching, [(header::CONTENT_TYPE, kind)], body).into_response()
}
