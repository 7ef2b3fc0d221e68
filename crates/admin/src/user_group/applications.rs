//! The applications that a group opens.

use axum::extract::State;
use axum::response::Response;
use muster_directory::application;
use muster_directory::group::store;
use muster_http::{AdminOrg, ApiError, Site};

use crate::failure::Reading;
use crate::graph::{GraphObjectWithPaths, GraphType};
use crate::id::{ObjectId, PathId};
use crate::listed::cut;
use crate::page::{Page, PageQuery};

#[utoipa::path(get, path = "/api/v2/usergroups/{id}/applications", tag = "user groups",
    params(("id" = ObjectId, Path), PageQuery), responses((status = 200, body = Vec<GraphObjectWithPaths>), Reading))]
/// List the applications of a user group
pub(crate) async fn list(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
) -> Result<Response, ApiError> {
    let mut source = site.directory().read();
    store::get(&mut source, who.org(), id).await?;
    let apps = application::store::bound_to(&mut source, who.org(), "user_group", id).await?;
    let rows = apps.into_iter().map(|app| (app, GraphObjectWithPaths::direct(GraphType::Application, app))).collect();
    Ok(cut(&site, &page, rows, &[])?.bare())
}
