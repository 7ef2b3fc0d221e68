//! A person in the graph: the groups they are in, the applications they reach, what they are bound to.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use muster_directory::device::DeviceUser;
use muster_directory::routing::Target;
use muster_directory::{application, device, group, user};
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::{Changing, Reading};
use crate::graph::bindings::{self, Subject};
use crate::graph::targets::{Of, TargetsQuery, check};
use crate::graph::{GraphConnection, GraphObject, GraphObjectWithPaths, GraphOperation, GraphType, PersonBindingKind};
use crate::id::{ObjectId, PathId, Time};
use crate::listed::cut;
use crate::page::{Page, PageQuery};
use crate::system;

#[utoipa::path(get, path = "/api/v2/users/{id}/memberof", tag = "users", params(("id" = ObjectId, Path), PageQuery),
    responses((status = 200, body = Vec<GraphObjectWithPaths>), Reading))]
/// List the groups a person is in; of an unknown person none, as JumpCloud
pub(crate) async fn member_of(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
) -> Result<Response, ApiError> {
    let memberships = group::store::memberships_of(&mut site.directory().read(), who.org(), id).await?;
    let rows = memberships.into_keys().map(|g| (g, GraphObjectWithPaths::direct(GraphType::UserGroup, g)));
    Ok(cut(&site, &page, rows.collect(), &[])?.bare())
}

/// A group a person is in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UserGroupOfUser)]
pub(crate) struct GroupOf {
    id: ObjectId,
    name: String,
    /// `direct`, `rule` or `exemption`.
    #[schema(pattern = "^(direct|rule|exemption)$")]
    via: &'static str,
    since: Time,
}

#[utoipa::path(get, path = "/api/v2/users/{id}/usergroups", tag = "users", params(("id" = ObjectId, Path)),
    responses((status = 200, body = Vec<GroupOf>), Reading))]
/// List the groups a person is in, by name
pub(crate) async fn user_groups(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<Vec<GroupOf>>, ApiError> {
    let mut source = site.directory().read();
    user::store::get(&mut source, who.org(), id).await?;
    let memberships = group::store::memberships_of(&mut source, who.org(), id).await?;
    let groups = group::store::of_user(&mut source, who.org(), id).await?;
    let rows = groups.into_iter().filter_map(|g| {
        let membership = memberships.get(&g.id)?;
        Some(GroupOf { id: g.id.into(), name: g.name, via: membership.via.word(), since: membership.since.into() })
    });
    Ok(Json(rows.collect()))
}

#[utoipa::path(get, path = "/api/v2/users/{id}/applications", tag = "users", params(("id" = ObjectId, Path), PageQuery),
    responses((status = 200, body = Vec<GraphObjectWithPaths>), Reading))]
/// List the applications a person reaches
pub(crate) async fn applications(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
) -> Result<Response, ApiError> {
    let mut source = site.directory().read();
    user::store::get(&mut source, who.org(), id).await?;
    let mut paths: BTreeMap<_, Vec<Vec<GraphConnection>>> = BTreeMap::new();
    for app in application::store::bound_to(&mut source, who.org(), "user", id).await? {
        paths.entry(app).or_default().push(vec![GraphConnection::to(GraphType::Application, app)]);
    }
    for group in group::store::memberships_of(&mut source, who.org(), id).await?.into_keys() {
        for app in application::store::bound_to(&mut source, who.org(), "user_group", group).await? {
            let through = Some(GraphObject::new(GraphType::UserGroup, group));
            let last = GraphConnection { from: through, ..GraphConnection::to(GraphType::Application, app) };
            paths.entry(app).or_default().push(vec![GraphConnection::to(GraphType::UserGroup, group), last]);
        }
    }
    let rows = paths.into_iter().map(|(app, paths)| {
        let object = GraphObjectWithPaths { paths, ..GraphObjectWithPaths::direct(GraphType::Application, app) };
        (app, object)
    });
    Ok(cut(&site, &page, rows.collect(), &[])?.bare())
}

#[utoipa::path(get, path = "/api/v2/users/{id}/associations", tag = "users",
    params(("id" = ObjectId, Path), TargetsQuery), responses((status = 200, body = Vec<GraphConnection>), Reading))]
/// List what a person is bound to directly
pub(crate) async fn associations(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
) -> Result<Response, ApiError> {
    check(&page, Of::People)?;
    user::store::get(&mut site.directory().read(), who.org(), id).await?;
    let mut rows = bindings::of(&site, who.org(), Subject(Target::User(id)), &page.targets).await?;
    if page.targets.iter().any(|t| t == GraphType::System.word()) {
        let edges = device::store::devices_of(&mut site.directory().read(), who.org(), id).await?;
        let edge = |e: DeviceUser| (e.device, GraphConnection::with_sudo(GraphType::System, e.device, e.sudo));
        rows.extend(edges.into_iter().map(edge));
    }
    Ok(cut(&site, &page, rows, &[])?.bare())
}

#[utoipa::path(post, path = "/api/v2/users/{id}/associations", tag = "users", params(("id" = ObjectId, Path)),
    request_body = GraphOperation<PersonBindingKind>, responses((status = 204, description = "Done"), Changing))]
/// Bind a person, or unbind them
pub(crate) async fn associate(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(body): Json<GraphOperation<PersonBindingKind>>,
) -> Result<StatusCode, ApiError> {
    user::store::get(&mut site.directory().read(), who.org(), id).await?;
    let (subject, object) = (Target::User(id), body.object()?);
    match body.kind {
        PersonBindingKind::Application => bindings::bind(&site, &who, object, subject, body.op).await,
        PersonBindingKind::IdpRoutingPolicy => bindings::assign(&site, &who, object, subject, body.op).await,
        PersonBindingKind::System => system::bind(&site, &who, object, id, body.op, body.attributes).await,
    }
}
