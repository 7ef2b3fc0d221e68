//! A group's members as edges of the graph, and putting people in and out by hand.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use muster_directory::Error;
use muster_directory::group::members::Change;
use muster_directory::group::store;
use muster_http::{AdminOrg, ApiError, Json, Site};

use crate::failure::{Changing, Reading};
use crate::graph::{GraphConnection, GraphObjectWithPaths, GraphOperation, GraphType, MemberKind, Op};
use crate::id::{ObjectId, PathId};
use crate::listed::cut;
use crate::page::{Page, PageQuery};

#[utoipa::path(get, path = "/api/v2/usergroups/{id}/members", tag = "user groups",
    params(("id" = ObjectId, Path), PageQuery), responses((status = 200, body = Vec<GraphConnection>), Reading))]
/// List the members of a user group
pub(crate) async fn list(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
) -> Result<Response, ApiError> {
    let mut source = site.directory().read();
    store::get(&mut source, who.org(), id).await?;
    let members = store::members(&mut source, who.org(), id).await?;
    let rows = members.into_keys().map(|user| (user, GraphConnection::to(GraphType::User, user))).collect();
    Ok(cut(&site, &page, rows, &[])?.bare())
}

#[utoipa::path(get, path = "/api/v2/usergroups/{id}/membership", tag = "user groups",
    params(("id" = ObjectId, Path), PageQuery), responses((status = 200, body = Vec<GraphObjectWithPaths>), Reading))]
/// List the members of a user group with their paths
pub(crate) async fn membership(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
) -> Result<Response, ApiError> {
    let mut source = site.directory().read();
    store::get(&mut source, who.org(), id).await?;
    let members = store::members(&mut source, who.org(), id).await?;
    let rows = members.into_keys().map(|user| (user, GraphObjectWithPaths::direct(GraphType::User, user))).collect();
    Ok(cut(&site, &page, rows, &[])?.bare())
}

#[utoipa::path(post, path = "/api/v2/usergroups/{id}/members", tag = "user groups", params(("id" = ObjectId, Path)),
    request_body = GraphOperation<MemberKind>, responses((status = 204, description = "Done"), Changing))]
/// Put a person into a user group, or take them out
pub(crate) async fn change(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(group): PathId,
    Json(body): Json<GraphOperation<MemberKind>>,
) -> Result<StatusCode, ApiError> {
    let mut source = site.directory().read();
    match store::get(&mut source, who.org(), group).await {
        // As JumpCloud: an unknown group is a wrong argument here, an unknown person is missing.
        Err(Error::Missing(_)) => {
            return Err(ApiError::new(StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", "user_group not found"));
        }
        found => drop(found?),
    }
    let MemberKind::User = body.kind;
    let user = body.object()?;
    if body.op == Op::Update {
        let members = store::members(&mut source, who.org(), group).await?;
        return if members.contains_key(&user) { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::not_found()) };
    }
    let add = body.op == Op::Add;
    site.directory().write(who.actor(), who.org(), Change { group, user, add }).await?;
    Ok(StatusCode::NO_CONTENT)
}
