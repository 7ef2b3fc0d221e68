//! Shows one group.

use axum::extract::State;
use http::HeaderMap;
use muster_directory::Directory;
use muster_directory::group::{Group, store};
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::GroupOut;
use super::query::{QueryDsl, is_v2};
use crate::failure::Reading;
use crate::id::{ObjectId, PathId};

#[utoipa::path(get, path = "/api/v2/usergroups/{id}", tag = "user groups", params(("id" = ObjectId, Path), QueryDsl),
    responses((status = 200, body = GroupOut), Reading))]
/// Get a user group
pub(crate) async fn get(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    headers: HeaderMap,
) -> Result<Json<GroupOut>, ApiError> {
    let group = store::get(&mut site.directory().read(), who.org(), id).await?;
    Ok(Json(show(site.directory(), &group, is_v2(&headers)).await?))
}

/// Shows a group with its exemptions and count.
///
/// # Errors
/// The database's.
pub(super) async fn show(directory: &Directory, group: &Group, v2: bool) -> Result<GroupOut, ApiError> {
    let exemptions = store::exemptions(&mut directory.read(), group.org, group.id).await?;
    let count = store::member_count(&mut directory.read(), group.org, group.id).await?;
    Ok(GroupOut::new(group, Some(&exemptions), count, v2))
}
