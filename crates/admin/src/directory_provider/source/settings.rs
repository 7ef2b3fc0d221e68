//! Reads and replaces where a directory is and how it is read.

use axum::extract::State;
use muster_directory::directory_provider;
use muster_directory::feed::set::Set;
use muster_directory::feed::store;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::{SourceOut, SourceWrite, of};
use crate::failure::{Changing, Reading};
use crate::id::{ObjectId, PathId};

#[utoipa::path(get, path = "/api/v2/directoryproviders/{id}/source", tag = "directory providers",
    params(("id" = ObjectId, Path)), responses((status = 200, body = SourceOut), Reading))]
/// Get where a directory is read
pub(crate) async fn get(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<SourceOut>, ApiError> {
    let mut read = site.directory().read();
    directory_provider::store::get(&mut read, who.org(), id).await?;
    let source = store::get(&mut read, who.org(), id).await?;
    Ok(Json(of(&site, &source).await?))
}

#[utoipa::path(put, path = "/api/v2/directoryproviders/{id}/source", tag = "directory providers",
    params(("id" = ObjectId, Path)), request_body = SourceWrite,
    responses((status = 200, body = SourceOut), Changing))]
/// Enter where a directory is read
pub(crate) async fn set(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(provider): PathId,
    Json(body): Json<SourceWrite>,
) -> Result<Json<SourceOut>, ApiError> {
    // What brings people in is for people to decide.
    who.person()?;
    let read = &mut site.directory().read();
    directory_provider::store::get(read, who.org(), provider).await?;
    let (settings, secret) = body.read()?;
    let set = Set { provider, settings, secret, http_allowed: site.config().http_allowed() };
    let source = site.directory().write(who.actor(), who.org(), set).await?;
    Ok(Json(of(&site, &source).await?))
}
