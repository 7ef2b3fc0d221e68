//! Removes a directory provider.

use axum::extract::State;
use http::StatusCode;
use muster_directory::directory_provider::delete;
use muster_http::{AdminOrg, ApiError, Site};

use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

#[utoipa::path(delete, path = "/api/v2/directoryproviders/{id}", tag = "directory providers",
    params(("id" = ObjectId, Path)),
    responses((status = 204, description = "It feeds nobody any more; people and groups stay, as ones of our own"), Changing))]
/// Delete a directory provider
pub(crate) async fn delete(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<StatusCode, ApiError> {
    who.person()?;
    delete::delete(site.directory(), &who.actor(), who.org(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
