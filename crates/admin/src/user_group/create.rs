//! Makes a group.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use muster_directory::group::create::Create;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::get::show;
use super::model::GroupOut;
use super::query::{QueryDsl, is_v2};
use super::write::GroupWrite;
use crate::failure::Changing;

#[utoipa::path(post, path = "/api/v2/usergroups", tag = "user groups", params(QueryDsl), request_body = GroupWrite,
    responses((status = 201, body = GroupOut), Changing))]
/// Create a user group
pub(crate) async fn create(
    State(site): State<Site>,
    who: AdminOrg,
    headers: HeaderMap,
    Json(body): Json<GroupWrite>,
) -> Result<Response, ApiError> {
    let directory = site.directory();
    let group = directory.write(who.actor(), who.org(), Create { input: body.input(&headers)? }).await?;
    Ok((StatusCode::CREATED, Json(show(directory, &group, is_v2(&headers)).await?)).into_response())
}
