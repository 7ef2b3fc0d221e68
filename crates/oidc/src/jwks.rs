//! The key set (RFC 7517), to be kept by whoever checks our tokens: a new key is published an hour before it signs.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use http::HeaderMap;
use muster_directory::key;
use muster_http::Site;

use crate::document::Documents;
use crate::error::Refusal;
use crate::organization;

/// `GET /o/{slug}/.well-known/jwks.json`
pub async fn get(
    State(site): State<Site>,
    Extension(documents): Extension<Arc<Documents>>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let organization = organization::for_program(&site, &slug).await?;
    let set = key::published(site.directory(), organization.id).await?;
    Ok(documents.keys(organization.id, &set).answer(&headers, "application/jwk-set+json"))
}
