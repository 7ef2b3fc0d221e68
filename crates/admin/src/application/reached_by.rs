//! Who reaches an application, and by which paths.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use muster_base::Id;
use muster_directory::{application, group};
use muster_http::{AdminOrg, ApiError, Site};

use crate::failure::Reading;
use crate::graph::{GraphConnection, GraphObject, GraphObjectWithPaths, GraphType};
use crate::id::{ObjectId, PathId};
use crate::listed::cut;
use crate::page::{Page, PageQuery};

#[utoipa::path(get, path = "/api/v2/applications/{id}/users", tag = "applications",
    params(("id" = ObjectId, Path), PageQuery), responses((status = 200, body = Vec<GraphObjectWithPaths>), Reading))]
/// List the people who reach an application
pub(crate) async fn users(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
) -> Result<Response, ApiError> {
    let mut source = site.directory().read();
    application::store::get(&mut source, who.org(), id).await?;
    let mut paths: BTreeMap<Id, Vec<Vec<GraphConnection>>> = BTreeMap::new();
    for (kind, subject) in application::store::bindings(&mut source, who.org(), id).await? {
        if kind == "user" {
            paths.entry(subject).or_default().push(vec![GraphConnection::to(GraphType::User, subject)]);
            continue;
        }
        for user in group::store::members(&mut source, who.org(), subject).await?.into_keys() {
            let through = GraphObject::new(GraphType::UserGroup, subject);
            let last = GraphConnection { from: Some(through), ..GraphConnection::to(GraphType::User, user) };
            paths.entry(user).or_default().push(vec![GraphConnection::to(GraphType::UserGroup, subject), last]);
        }
    }
    let rows = paths.into_iter().map(|(user, paths)| {
        (user, GraphObjectWithPaths { paths, ..GraphObjectWithPaths::direct(GraphType::User, user) })
    });
    Ok(cut(&site, &page, rows.collect(), &[])?.bare())
}

#[utoipa::path(get, path = "/api/v2/applications/{id}/usergroups", tag = "applications",
    params(("id" = ObjectId, Path), PageQuery), responses((status = 200, body = Vec<GraphObjectWithPaths>), Reading))]
/// List the user groups of an application
pub(crate) async fn user_groups(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
) -> Result<Response, ApiError> {
    let mut source = site.directory().read();
    application::store::get(&mut source, who.org(), id).await?;
    let bound = application::store::bindings(&mut source, who.org(), id).await?;
    let groups = bound.into_iter().filter(|(kind, _)| kind == "user_group");
    let rows = groups.map(|(_, group)| (group, GraphObjectWithPaths::direct(GraphType::UserGroup, group)));
    Ok(cut(&site, &page, rows.collect(), &[])?.bare())
}
