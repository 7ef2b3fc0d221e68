//! Reads, enters and removes the settings.

use axum::extract::State;
use http::StatusCode;
use muster_directory::provision::settings::{Remove, Set};
use muster_directory::{application, provision};
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::{ProvisionOut, ProvisionWrite};
use crate::failure::{Changing, Reading};
use crate::id::{ObjectId, PathId};

#[utoipa::path(get, path = "/api/v2/applications/{id}/provision", tag = "applications", params(("id" = ObjectId, Path)),
    responses((status = 200, body = ProvisionOut), Reading))]
/// Get the settings by which accounts are sent to an application
pub(crate) async fn get(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(app): PathId,
) -> Result<Json<ProvisionOut>, ApiError> {
    let mut source = site.directory().read();
    application::store::get(&mut source, who.org(), app).await?;
    Ok(Json(ProvisionOut::new(&provision::store::get(&mut source, who.org(), app).await?)))
}

#[utoipa::path(put, path = "/api/v2/applications/{id}/provision", tag = "applications", params(("id" = ObjectId, Path)),
    request_body = ProvisionWrite, responses((status = 200, body = ProvisionOut), Changing))]
/// Set the settings by which accounts are sent to an application
pub(crate) async fn set(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(app): PathId,
    Json(body): Json<ProvisionWrite>,
) -> Result<Json<ProvisionOut>, ApiError> {
    let (settings, secret) = body.read()?;
    let set = Set { app, settings, secret, http_allowed: site.config().http_allowed() };
    let target = site.directory().write(who.actor(), who.org(), set).await?;
    Ok(Json(ProvisionOut::new(&target)))
}

#[utoipa::path(delete, path = "/api/v2/applications/{id}/provision", tag = "applications", params(("id" = ObjectId, Path)),
    responses((status = 204, description = "Accounts are no longer sent; those there stay as they are"), Changing))]
/// Stop sending accounts to an application, and forget what was sent
pub(crate) async fn remove(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(app): PathId,
) -> Result<StatusCode, ApiError> {
    site.directory().write(who.actor(), who.org(), Remove { app }).await?;
    Ok(StatusCode::NO_CONTENT)
}
