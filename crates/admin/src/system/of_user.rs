//! The devices of a person: as objects of the graph, and by name for the console's table.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::State;
use axum::response::Response;
use muster_directory::device::{Sudo, store};
use muster_directory::user;
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::Reading;
use crate::graph::{GraphObjectWithPaths, GraphType};
use crate::id::{ObjectId, PathId, Time};
use crate::listed::cut;
use crate::page::{Page, PageQuery};

#[utoipa::path(get, path = "/api/v2/users/{id}/systems", tag = "users", params(("id" = ObjectId, Path), PageQuery),
    responses((status = 200, body = Vec<GraphObjectWithPaths>), Reading))]
/// List the devices on which a person has an account
pub(crate) async fn systems(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
) -> Result<Response, ApiError> {
    let mut source = site.directory().read();
    user::store::get(&mut source, who.org(), id).await?;
    let edges = store::devices_of(&mut source, who.org(), id).await?;
    let rows = edges.iter().map(|e| (e.device, GraphObjectWithPaths::with_sudo(GraphType::System, e.device, e.sudo)));
    Ok(cut(&site, &page, rows.collect(), &[])?.bare())
}

/// A device of a person.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SystemOfUser)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeviceRow {
    id: ObjectId,
    display_name: String,
    os: String,
    os_family: String,
    version: String,
    /// Whether the person has an account on it.
    bound: bool,
    /// What they may do there, where they have one.
    sudo: Sudo,
    /// Whether the device is theirs (`primarySystemUser`).
    owner: bool,
    /// Since when they have an account.
    since: Option<Time>,
}

#[utoipa::path(get, path = "/api/v2/users/{id}/devicelist", tag = "users", params(("id" = ObjectId, Path)),
    responses((status = 200, body = Vec<DeviceRow>), Reading))]
/// List the devices that a person owns or has an account on, by name
pub(crate) async fn list(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<Vec<DeviceRow>>, ApiError> {
    let mut source = site.directory().read();
    user::store::get(&mut source, who.org(), id).await?;
    let edges = store::devices_of(&mut source, who.org(), id).await?;
    let edges: BTreeMap<_, _> = edges.into_iter().map(|e| (e.device, e)).collect();
    let ids: Vec<_> = edges.keys().copied().collect();
    let mut devices = store::by_ids(&mut source, who.org(), &ids).await?;
    let bound: BTreeSet<_> = ids.into_iter().collect();
    let owned = store::owned_by(&mut source, who.org(), &[id].into()).await?;
    devices.extend(owned.into_iter().filter(|d| !bound.contains(&d.id)));
    let text = |value: Option<std::borrow::Cow<'_, str>>| value.unwrap_or_default().into_owned();
    let rows = devices.iter().map(|device| {
        let edge = edges.get(&device.id);
        DeviceRow {
            id: device.id.into(),
            display_name: device.display(),
            os: text(device.attribute("os")),
            os_family: text(device.attribute("osFamily")),
            version: text(device.attribute("version")),
            bound: edge.is_some(),
            sudo: edge.map(|e| e.sudo).unwrap_or_default(),
            owner: device.owner == Some(id),
            since: edge.map(|e| e.created_at.into()),
        }
    });
    let mut rows: Vec<DeviceRow> = rows.collect();
    rows.sort_by_key(|row| row.display_name.to_lowercase());
    Ok(Json(rows))
}
