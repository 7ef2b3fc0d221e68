//! Reads a service account.

use axum::extract::State;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::{ServiceAccountOut, show};
use crate::failure::Reading;
use crate::id::{ObjectId, PathId};

#[utoipa::path(get, path = "/api/v2/service-accounts/{id}", tag = "service accounts", params(("id" = ObjectId, Path)),
    responses((status = 200, body = ServiceAccountOut), Reading))]
/// Get a service account
pub(crate) async fn get(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<ServiceAccountOut>, ApiError> {
    Ok(Json(show(&site, who.org(), id).await?))
}
