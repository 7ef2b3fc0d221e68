//! What a group is bound to: applications, and the routing policies that are assigned to it.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use muster_directory::group::store;
use muster_directory::routing::Target;
use muster_http::{AdminOrg, ApiError, Json, Site};

use crate::failure::{Changing, Reading};
use crate::graph::bindings::{self, Subject};
use crate::graph::targets::{Of, TargetsQuery, check};
use crate::graph::{BindingKind, GraphConnection, GraphOperation};
use crate::id::{ObjectId, PathId};
use crate::listed::cut;
use crate::page::Page;

#[utoipa::path(get, path = "/api/v2/usergroups/{id}/associations", tag = "user groups",
    params(("id" = ObjectId, Path), TargetsQuery), responses((status = 200, body = Vec<GraphConnection>), Reading))]
/// List what a user group is bound to
pub(crate) async fn list(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
) -> Result<Response, ApiError> {
    check(&page, Of::People)?;
    store::get(&mut site.directory().read(), who.org(), id).await?;
    let rows = bindings::of(&site, who.org(), Subject(Target::Group(id)), &page.targets).await?;
    Ok(cut(&site, &page, rows, &[])?.bare())
}

#[utoipa::path(post, path = "/api/v2/usergroups/{id}/associations", tag = "user groups",
    params(("id" = ObjectId, Path)), request_body = GraphOperation<BindingKind>,
    responses((status = 204, description = "Done"), Changing))]
/// Bind a user group, or unbind it
pub(crate) async fn change(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(body): Json<GraphOperation<BindingKind>>,
) -> Result<StatusCode, ApiError> {
    store::get(&mut site.directory().read(), who.org(), id).await?;
    bindings::change(&site, &who, Subject(Target::Group(id)), &body).await
}
