//! Changes a group: v2's PUT replaces.

use axum::extract::State;
use http::HeaderMap;
use muster_directory::group::store;
use muster_directory::group::update::Update;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::get::show;
use super::model::GroupOut;
use super::query::{QueryDsl, is_v2};
use super::write::GroupWrite;
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

#[utoipa::path(put, path = "/api/v2/usergroups/{id}", tag = "user groups", params(("id" = ObjectId, Path), QueryDsl),
    request_body = GroupWrite, responses((status = 200, body = GroupOut), Changing))]
/// Replace a user group
pub(crate) async fn update(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    headers: HeaderMap,
    Json(body): Json<GroupWrite>,
) -> Result<Json<GroupOut>, ApiError> {
    let directory = site.directory();
    let before = store::get(&mut directory.read(), who.org(), id).await?;
    let input = body.input(&headers)?;
    let (old, new) = (&before.doc.attributes.posix_groups, input.attributes.as_ref().map(|a| &a.posix_groups));
    if !old.is_empty() && new.is_some_and(|n| !n.is_empty() && n != old) {
        return Err(ApiError::field("attributes.posixGroups", "existing attribute posixGroups may not be changed"));
    }
    let group = directory.write(who.actor(), who.org(), Update { id, input }).await?;
    Ok(Json(show(directory, &group, is_v2(&headers)).await?))
}
