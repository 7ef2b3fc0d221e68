//! Turns the sending of accounts on and off, lets it rest, and lets go what the delete guard holds.

use axum::extract::State;
use muster_base::Id;
use muster_directory::provision::state::{Change, Move};
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::ProvisionOut;
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

async fn change(site: &Site, who: &AdminOrg, app: Id, to: Move) -> Result<Json<ProvisionOut>, ApiError> {
    let target = site.directory().write(who.actor(), who.org(), Change { app, to }).await?;
    Ok(Json(ProvisionOut::new(&target)))
}

#[utoipa::path(post, path = "/api/v2/applications/{id}/provision/activate", tag = "applications",
    params(("id" = ObjectId, Path)), responses((status = 200, body = ProvisionOut), Changing))]
/// Send accounts to an application from now on
pub(crate) async fn activate(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(app): PathId,
) -> Result<Json<ProvisionOut>, ApiError> {
    change(&site, &who, app, Move::Activate).await
}

#[utoipa::path(post, path = "/api/v2/applications/{id}/provision/deactivate", tag = "applications",
    params(("id" = ObjectId, Path)), responses((status = 200, body = ProvisionOut), Changing))]
/// Send no accounts to an application any more
pub(crate) async fn deactivate(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(app): PathId,
) -> Result<Json<ProvisionOut>, ApiError> {
    change(&site, &who, app, Move::Deactivate).await
}

#[utoipa::path(post, path = "/api/v2/applications/{id}/provision/pause", tag = "applications",
    params(("id" = ObjectId, Path)), responses((status = 200, body = ProvisionOut), Changing))]
/// Let the sending of accounts rest
pub(crate) async fn pause(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(app): PathId,
) -> Result<Json<ProvisionOut>, ApiError> {
    change(&site, &who, app, Move::Pause).await
}

#[utoipa::path(post, path = "/api/v2/applications/{id}/provision/resume", tag = "applications",
    params(("id" = ObjectId, Path)), responses((status = 200, body = ProvisionOut), Changing))]
/// Go on with the sending of accounts
pub(crate) async fn resume(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(app): PathId,
) -> Result<Json<ProvisionOut>, ApiError> {
    change(&site, &who, app, Move::Resume).await
}

#[utoipa::path(post, path = "/api/v2/applications/{id}/provision/approve", tag = "applications",
    params(("id" = ObjectId, Path)), responses((status = 200, body = ProvisionOut), Changing))]
/// Let go what the delete guard holds
pub(crate) async fn approve(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(app): PathId,
) -> Result<Json<ProvisionOut>, ApiError> {
    change(&site, &who, app, Move::Approve).await
}
