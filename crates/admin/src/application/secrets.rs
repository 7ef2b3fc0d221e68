//! Client secrets: two live side by side while one replaces the other.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use muster_directory::application::secret;
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::Changing;
use crate::id::{ObjectId, PathId, PathIds};

/// A new client secret, shown once.
#[derive(Serialize, ToSchema)]
#[schema(as = NewClientSecret)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewSecret {
    id: ObjectId,
    client_secret: String,
}

#[utoipa::path(post, path = "/api/v2/applications/{id}/secrets", tag = "applications", params(("id" = ObjectId, Path)),
    responses((status = 201, body = NewSecret), Changing))]
/// Make another client secret
pub(crate) async fn add(State(site): State<Site>, who: AdminOrg, PathId(app): PathId) -> Result<Response, ApiError> {
    let directory = site.directory();
    let secret = directory.env().secret();
    let client_secret = secret.expose().to_owned();
    let id = directory.write(who.actor(), who.org(), secret::Add { app, secret }).await?;
    Ok((StatusCode::CREATED, Json(NewSecret { id: id.into(), client_secret })).into_response())
}

#[utoipa::path(delete, path = "/api/v2/applications/{id}/secrets/{secret}", tag = "applications",
    params(("id" = ObjectId, Path), ("secret" = ObjectId, Path)),
    responses((status = 204, description = "It does not work any more"), Changing))]
/// Drop a client secret
pub(crate) async fn remove(
    State(site): State<Site>,
    who: AdminOrg,
    PathIds(app, secret): PathIds,
) -> Result<StatusCode, ApiError> {
    site.directory().write(who.actor(), who.org(), secret::Drop { app, secret }).await?;
    Ok(StatusCode::NO_CONTENT)
}
