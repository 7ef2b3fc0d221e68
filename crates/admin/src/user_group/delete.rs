//! Removes a group.

use axum::extract::State;
use http::HeaderMap;
use muster_directory::group::delete::Delete;
use muster_directory::group::store;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::get::show;
use super::model::GroupOut;
use super::query::is_v2;
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

#[utoipa::path(delete, path = "/api/v2/usergroups/{id}", tag = "user groups", params(("id" = ObjectId, Path)),
    responses((status = 200, body = GroupOut), Changing))]
/// Delete a user group
pub(crate) async fn delete(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    headers: HeaderMap,
) -> Result<Json<GroupOut>, ApiError> {
    let directory = site.directory();
    let group = store::get(&mut directory.read(), who.org(), id).await?;
    let out = show(directory, &group, is_v2(&headers)).await?;
    directory.write(who.actor(), who.org(), Delete { id }).await?;
    Ok(Json(out))
}
