//! The API key of the administrator who asks: one each, shown once.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use muster_directory::administrator::api_key;
use muster_http::{Admin, ApiError, Json, Site};
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::Changing;
use crate::id::Time;

/// A new API key.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewApiKey {
    /// The key: only here.
    api_key: String,
    /// What it begins with.
    prefix: String,
    created_at: Time,
}

#[utoipa::path(post, path = "/api/v2/administrators/me/apikey", tag = "administrators",
    responses((status = 201, body = NewApiKey), Changing))]
/// Make an API key; an earlier one stops working
pub(crate) async fn create(State(site): State<Site>, who: Admin) -> Result<Response, ApiError> {
    let (key, prefix, at) = api_key::create(site.directory(), who.admin.id).await?;
    let body = NewApiKey { api_key: key.expose().to_owned(), prefix, created_at: at.into() };
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

#[utoipa::path(delete, path = "/api/v2/administrators/me/apikey", tag = "administrators",
    responses((status = 204, description = "It does not work any more"), Changing))]
/// Remove the API key
pub(crate) async fn delete(State(site): State<Site>, who: Admin) -> Result<StatusCode, ApiError> {
    api_key::delete(site.directory(), who.admin.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
