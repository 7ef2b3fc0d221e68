//! Whom a policy is for, as edges of the graph.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use muster_directory::routing::{Policy, Target, store};
use muster_http::{AdminOrg, ApiError, Json, Site};

use crate::failure::{Changing, Reading};
use crate::graph::targets::{Of, SubjectsQuery, check};
use crate::graph::{GraphConnection, GraphObjectWithPaths, GraphOperation, GraphType, SubjectKind, bindings};
use crate::id::{ObjectId, PathId};
use crate::listed::cut;
use crate::page::{Page, PageQuery};

#[utoipa::path(get, path = "/api/v2/identity-provider/policies/{id}/associations", tag = "routing policies",
    params(("id" = ObjectId, Path), SubjectsQuery), responses((status = 200, body = Vec<GraphConnection>), Reading))]
/// List whom a routing policy is for
pub(crate) async fn list(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
) -> Result<Response, ApiError> {
    check(&page, Of::Others)?;
    let policy = store::get(&mut site.directory().read(), who.org(), id).await?;
    let wanted = policy.targets.iter().filter(|t| page.targets.iter().any(|x| x == t.parts().0));
    let rows = wanted.map(|t| (t.parts().1, GraphConnection::to(kind(*t), t.parts().1))).collect();
    Ok(cut(&site, &page, rows, &[])?.bare())
}

#[utoipa::path(post, path = "/api/v2/identity-provider/policies/{id}/associations", tag = "routing policies",
    params(("id" = ObjectId, Path)), request_body = GraphOperation<SubjectKind>,
    responses((status = 204, description = "Done"), Changing))]
/// Assign a group or person to a routing policy, or take them away
pub(crate) async fn change(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(body): Json<GraphOperation<SubjectKind>>,
) -> Result<StatusCode, ApiError> {
    store::get(&mut site.directory().read(), who.org(), id).await?;
    let subject = body.kind.target(body.object()?);
    bindings::assign(&site, &who, id, subject, body.op).await
}

#[utoipa::path(get, path = "/api/v2/identity-provider/policies/{id}/associations/users", tag = "routing policies",
    params(("id" = ObjectId, Path), PageQuery), responses((status = 200, body = Vec<GraphObjectWithPaths>), Reading))]
/// List the people assigned to a routing policy
pub(crate) async fn users(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
) -> Result<Response, ApiError> {
    let policy = store::get(&mut site.directory().read(), who.org(), id).await?;
    assigned(&site, &page, &policy, GraphType::User)
}

#[utoipa::path(get, path = "/api/v2/identity-provider/policies/{id}/associations/usergroups", tag = "routing policies",
    params(("id" = ObjectId, Path), PageQuery), responses((status = 200, body = Vec<GraphObjectWithPaths>), Reading))]
/// List the user groups assigned to a routing policy
pub(crate) async fn user_groups(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
) -> Result<Response, ApiError> {
    let policy = store::get(&mut site.directory().read(), who.org(), id).await?;
    assigned(&site, &page, &policy, GraphType::UserGroup)
}

fn assigned(site: &Site, page: &Page, policy: &Policy, of: GraphType) -> Result<Response, ApiError> {
    let ids = policy.targets.iter().filter(|t| kind(**t) == of).map(|t| t.parts().1);
    let rows = ids.map(|id| (id, GraphObjectWithPaths::direct(of, id))).collect();
    Ok(cut(site, page, rows, &[])?.bare())
}

fn kind(target: Target) -> GraphType {
    match target {
        Target::User(_) => GraphType::User,
        Target::Group(_) => GraphType::UserGroup,
    }
}
