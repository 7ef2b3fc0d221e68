//! Makes the next key.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use muster_directory::application::SigningAlg;
use muster_directory::key;
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Deserialize;
use utoipa::ToSchema;

use super::list::{KeyOut, show};
use crate::failure::Changing;

/// Which key.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = KeyRotation)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Rotation {
    /// What it signs with.
    alg: SigningAlg,
    /// For a key that leaked: the new one signs at once, before everybody knows it.
    #[serde(default)]
    at_once: bool,
}

#[utoipa::path(post, path = "/api/v2/keys/rotate", tag = "keys", request_body = Rotation,
    responses((status = 201, body = Vec<KeyOut>), Changing))]
/// Make the next signing key
pub(crate) async fn rotate(
    State(site): State<Site>,
    who: AdminOrg,
    Json(body): Json<Rotation>,
) -> Result<Response, ApiError> {
    key::rotate::rotate(site.directory(), who.actor(), who.org(), body.alg, body.at_once).await?;
    Ok((StatusCode::CREATED, Json(show(&site, &who).await?)).into_response())
}
