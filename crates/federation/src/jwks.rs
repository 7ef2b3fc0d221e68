//! `GET /o/{slug}/federation/jwks.json`: our public keys as a client of identity providers, to be registered there.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header;
use muster_directory::{Error, organization};
use muster_http::{ApiError, Site};
use muster_jose::JwkSet;

use crate::key;

/// How long a provider may keep the set, in seconds.
const MAX_AGE_S: u32 = 900;

/// The handler.
pub async fn get(State(site): State<Site>, Path(slug): Path<String>) -> Result<Response, ApiError> {
    let directory = site.directory();
    let organization = organization::store::by_slug(&mut directory.read(), &slug).await?;
    let organization = organization.ok_or(Error::Missing("organization"))?;
    let set: JwkSet = key::published(directory, organization.id).await?.into_iter().collect();
    let headers = [
        (header::CONTENT_TYPE, "application/jwk-set+json".to_owned()),
        (header::CACHE_CONTROL, format!("public, max-age={MAX_AGE_S}")),
    ];
    Ok((headers, Json(set)).into_response())
}
