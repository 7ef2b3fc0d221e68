//! What is otherwise at an application than it was sent, and sending it again.

use axum::extract::State;
use axum::response::Response;
use muster_base::Id;
use muster_directory::application;
use muster_directory::provision::report::{Drift, DriftItem};
use muster_directory::provision::store;
use muster_http::provisioning::Order;
use muster_http::{AdminOrg, ApiError, Site};
use serde::Serialize;
use utoipa::ToSchema;

use super::reading::{ReadingOut, answer};
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

impl DriftOut {
    pub(super) fn new(checked_at: Time, drift: Drift) -> Self {
        Self { checked_at, items: drift.items, total_count: drift.found }
    }
}

/// What is being repaired.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = ProvisionRepairOrder)]
pub(crate) struct RepairOut {
    /// How many people and groups are sent again.
    pub(super) repaired: usize,
}

#[utoipa::path(post, path = "/api/v2/applications/{id}/provision/drift", tag = "applications",
    params(("id" = ObjectId, Path)), responses((status = 200, body = DriftOut), (status = 202, body = ReadingOut), Changing))]
/// Compare an application with what was sent to it; where that takes long, how far it is
pub(crate) async fn read(State(site): State<Site>, who: AdminOrg, PathId(app): PathId) -> Result<Response, ApiError> {
    whole(&site, &who, app, Order::Drift).await
}

#[utoipa::path(post, path = "/api/v2/applications/{id}/provision/repair", tag = "applications",
    params(("id" = ObjectId, Path)), responses((status = 200, body = RepairOut), (status = 202, body = ReadingOut), Changing))]
/// Send again what was changed at an application; where reading it takes long, how far that is
pub(crate) async fn repair(State(site): State<Site>, who: AdminOrg, PathId(app): PathId) -> Result<Response, ApiError> {
    whole(&site, &who, app, Order::Repair).await
}

/// Reads an application that accounts are sent to.
async fn whole(site: &Site, who: &AdminOrg, app: Id, order: Order) -> Result<Response, ApiError> {
    let mut source = site.directory().read();
    application::store::get(&mut source, who.org(), app).await?;
    store::get(&mut source, who.org(), app).await?;
    Ok(answer(site.provisioning().read(who.org(), app, order).await?))
}
