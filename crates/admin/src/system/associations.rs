//! What a device is bound to: the people on it, with their sudo.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use muster_base::Id;
use muster_directory::device::bind::{Bind, Edge};
use muster_directory::device::store;
use muster_http::{AdminOrg, ApiError, Json, Site};

use crate::failure::{Changing, Reading};
use crate::graph::targets::{DeviceTargetsQuery, Of, check};
use crate::graph::{DeviceBindingKind, GraphAttributes, GraphConnection, GraphOperation, GraphType, Op};
use crate::id::{ObjectId, PathId};
use crate::listed::cut;
use crate::page::Page;

#[utoipa::path(get, path = "/api/v2/systems/{id}/associations", tag = "devices",
    params(("id" = ObjectId, Path), DeviceTargetsQuery), responses((status = 200, body = Vec<GraphConnection>), Reading))]
/// List what a device is bound to directly
pub(crate) async fn list(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
) -> Result<Response, ApiError> {
    check(&page, Of::Devices)?;
    let mut source = site.directory().read();
    store::get(&mut source, who.org(), id).await?;
    let mut rows = Vec::new();
    if page.targets.iter().any(|t| t == GraphType::User.word()) {
        let edges = store::users_of(&mut source, who.org(), id).await?;
        rows.extend(edges.iter().map(|e| (e.user, GraphConnection::with_sudo(GraphType::User, e.user, e.sudo))));
    }
    Ok(cut(&site, &page, rows, &[])?.bare())
}

#[utoipa::path(post, path = "/api/v2/systems/{id}/associations", tag = "devices", params(("id" = ObjectId, Path)),
    request_body = GraphOperation<DeviceBindingKind>, responses((status = 204, description = "Done"), Changing))]
/// Bind a person to a device, unbind them, or change their sudo
pub(crate) async fn change(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(body): Json<GraphOperation<DeviceBindingKind>>,
) -> Result<StatusCode, ApiError> {
    store::get(&mut site.directory().read(), who.org(), id).await?;
    let DeviceBindingKind::User = body.kind;
    bind(&site, &who, id, body.object()?, body.op, body.attributes).await
}

/// Makes, changes or removes the edge between a device and a person, asked for from either side.
///
/// # Errors
/// 404 and 409 as the graph says.
pub(crate) async fn bind(
    site: &Site,
    who: &AdminOrg,
    device: Id,
    user: Id,
    op: Op,
    attributes: Option<GraphAttributes>,
) -> Result<StatusCode, ApiError> {
    let sudo = attributes.unwrap_or_default().sudo;
    let edge = match op {
        Op::Add => Edge::Add(sudo),
        Op::Update => Edge::Update(sudo),
        Op::Remove => Edge::Remove,
    };
    site.directory().write(who.actor(), who.org(), Bind { device, user, edge }).await?;
    Ok(StatusCode::NO_CONTENT)
}
