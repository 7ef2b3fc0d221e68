//! Reads a directory provider.

use axum::extract::State;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::{ProviderOut, show};
use crate::failure::Reading;
use crate::id::{ObjectId, PathId};

#[utoipa::path(get, path = "/api/v2/directoryproviders/{id}", tag = "directory providers",
    params(("id" = ObjectId, Path)), responses((status = 200, body = ProviderOut), Reading))]
/// Get a directory provider
pub(crate) async fn get(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<ProviderOut>, ApiError> {
    Ok(Json(show(&site, who.org(), id).await?))
}
