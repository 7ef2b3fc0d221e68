//! What is otherwise at an application than it was sent, and sending it again.

use axum::extract::State;
use muster_directory::application;
use muster_directory::provision::report::DriftItem;
use muster_directory::provision::store;
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::Changing;
use crate::id::{ObjectId, PathId, Time};

/// A drift report.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ProvisionDrift)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DriftOut {
    /// When the application was read.
    checked_at: Time,
    /// The findings: the first thousand.
    items: Vec<DriftItem>,
    /// How many findings there are.
    total_count: usize,
}

/// What is being repaired.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = ProvisionRepairOrder)]
pub(crate) struct RepairOut {
    /// How many people and groups are sent again.
    repaired: usize,
}

#[utoipa::path(post, path = "/api/v2/applications/{id}/provision/drift", tag = "applications",
    params(("id" = ObjectId, Path)), responses((status = 200, body = DriftOut), Changing))]
/// Compare an application with what was sent to it
pub(crate) async fn read(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(app): PathId,
) -> Result<Json<DriftOut>, ApiError> {
    let mut source = site.directory().read();
    application::store::get(&mut source, who.org(), app).await?;
    store::get(&mut source, who.org(), app).await?;
    let checked_at = Time(site.directory().env().clock.now());
    let drift = site.provisioning().drift(who.org(), app).await?;
    Ok(Json(DriftOut { checked_at, items: drift.items, total_count: drift.found }))
}

#[utoipa::path(post, path = "/api/v2/applications/{id}/provision/repair", tag = "applications",
    params(("id" = ObjectId, Path)), responses((status = 200, body = RepairOut), Changing))]
/// Send again what was changed at an application
pub(crate) async fn repair(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(app): PathId,
) -> Result<Json<RepairOut>, ApiError> {
    let mut source = site.directory().read();
    application::store::get(&mut source, who.org(), app).await?;
    store::get(&mut source, who.org(), app).await?;
    Ok(Json(RepairOut { repaired: site.provisioning().repair(who.org(), app).await? }))
}
