//! Lets a directory rest that is read by itself, and go on.

use axum::extract::State;
use muster_base::Id;
use muster_directory::feed::state::Pause;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::{SourceOut, of};
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

async fn change(site: &Site, who: &AdminOrg, provider: Id, paused: bool) -> Result<Json<SourceOut>, ApiError> {
    let source = site.directory().write(who.actor(), who.org(), Pause { provider, paused }).await?;
    Ok(Json(of(site, &source).await?))
}

#[utoipa::path(post, path = "/api/v2/directoryproviders/{id}/pause", tag = "directory providers",
    params(("id" = ObjectId, Path)), responses((status = 200, body = SourceOut), Changing))]
/// Let a directory rest that is read by itself
pub(crate) async fn pause(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<SourceOut>, ApiError> {
    change(&site, &who, id, true).await
}

#[utoipa::path(post, path = "/api/v2/directoryproviders/{id}/resume", tag = "directory providers",
    params(("id" = ObjectId, Path)), responses((status = 200, body = SourceOut), Changing))]
/// Read a directory by itself again
pub(crate) async fn resume(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<SourceOut>, ApiError> {
    change(&site, &who, id, false).await
}
