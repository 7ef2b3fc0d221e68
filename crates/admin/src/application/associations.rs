//! Who is bound to an application: groups and people.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use muster_directory::application::store;
use muster_http::{AdminOrg, ApiError, Json, Site};

use crate::failure::{Changing, Reading};
use crate::graph::targets::{Of, SubjectsQuery, check};
use crate::graph::{GraphConnection, GraphOperation, GraphType, SubjectKind, bindings};
use crate::id::{ObjectId, PathId};
use crate::listed::cut;
use crate::page::Page;

#[utoipa::path(get, path = "/api/v2/applications/{id}/associations", tag = "applications",
    params(("id" = ObjectId, Path), SubjectsQuery), responses((status = 200, body = Vec<GraphConnection>), Reading))]
/// List who is bound to an application
pub(crate) async fn list(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
) -> Result<Response, ApiError> {
    check(&page, Of::Others)?;
    store::get(&mut site.directory().read(), who.org(), id).await?;
    let bound = store::bindings(&mut site.directory().read(), who.org(), id).await?;
    let rows = bound.into_iter().filter(|(kind, _)| page.targets.contains(kind)).map(|(kind, id)| {
        let kind = if kind == "user" { GraphType::User } else { GraphType::UserGroup };
        (id, GraphConnection::to(kind, id))
    });
    Ok(cut(&site, &page, rows.collect(), &[])?.bare())
}

#[utoipa::path(post, path = "/api/v2/applications/{id}/associations", tag = "applications",
    params(("id" = ObjectId, Path)), request_body = GraphOperation<SubjectKind>,
    responses((status = 204, description = "Done"), Changing))]
/// Bind a group or person to an application, or unbind them
pub(crate) async fn change(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(body): Json<GraphOperation<SubjectKind>>,
) -> Result<StatusCode, ApiError> {
    store::get(&mut site.directory().read(), who.org(), id).await?;
    let subject = body.kind.target(body.object()?);
    bindings::bind(&site, &who, id, subject, body.op).await
}
