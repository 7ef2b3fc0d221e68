//! The people on a device: as objects of the graph, and by name for the console's table.

use std::collections::BTreeMap;

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

#[utoipa::path(get, path = "/api/v2/systems/{id}/users", tag = "devices", params(("id" = ObjectId, Path), PageQuery),
    responses((status = 200, body = Vec<GraphObjectWithPaths>), Reading))]
/// List the people who have an account on a device
pub(crate) async fn users(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
) -> Result<Response, ApiError> {
    let mut source = site.directory().read();
    store::get(&mut source, who.org(), id).await?;
    let edges = store::users_of(&mut source, who.org(), id).await?;
    let rows = edges.iter().map(|e| (e.user, GraphObjectWithPaths::with_sudo(GraphType::User, e.user, e.sudo)));
    Ok(cut(&site, &page, rows.collect(), &[])?.bare())
}

/// A person on a device.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SystemUserOfSystem)]
pub(crate) struct UserRow {
    id: ObjectId,
    username: String,
    email: String,
    displayname: String,
    sudo: Sudo,
    /// Whether the device is theirs (`primarySystemUser`).
    owner: bool,
    since: Time,
}

#[utoipa::path(get, path = "/api/v2/systems/{id}/userlist", tag = "devices", params(("id" = ObjectId, Path)),
    responses((status = 200, body = Vec<UserRow>), Reading))]
/// List the people who have an account on a device by name
pub(crate) async fn list(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<Vec<UserRow>>, ApiError> {
    let mut source = site.directory().read();
    let device = store::get(&mut source, who.org(), id).await?;
    let edges = store::users_of(&mut source, who.org(), id).await?;
    let edges: BTreeMap<_, _> = edges.into_iter().map(|e| (e.user, e)).collect();
    let ids: Vec<_> = edges.keys().copied().collect();
    let people = user::store::by_ids(&mut source, who.org(), &ids).await?;
    let rows = people.iter().filter_map(|person| {
        let edge = edges.get(&person.id)?;
        Some(UserRow {
            id: person.id.into(),
            username: person.username.clone(),
            email: person.email.clone(),
            displayname: person.display(),
            sudo: edge.sudo,
            owner: device.owner == Some(person.id),
            since: edge.created_at.into(),
        })
    });
    let mut rows: Vec<UserRow> = rows.collect();
    rows.sort_by_key(|row| row.username.to_lowercase());
    Ok(Json(rows))
}
