//! The routes of device groups; what they answer is in [`crate::group`].

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use muster_directory::group::GroupKind;
use muster_http::{AdminOrg, ApiError, Json, Site};

use crate::failure::{Changing, Reading};
use crate::graph::{GraphConnection, GraphObjectWithPaths, GraphOperation, MemberKind};
use crate::group::count::{self, CountAnswer, CountRequest};
use crate::group::explain::{self, At, ExplainQuery, ReasonOut};
use crate::group::members::{self, Members, MembersQuery};
use crate::group::model::GroupOut;
use crate::group::preview::{self, Preview, PreviewRequest};
use crate::group::query::QueryDsl;
use crate::group::suggestions::{self, DecideBody, DecideOut, SuggestionOut};
use crate::group::vocabulary::{self, ExpressionAnswer, ExpressionRequest, RuleVocabulary};
use crate::group::write::GroupWrite;
use crate::group::{self, Confirmed, ConfirmedQuery, CopyBody, ExemptBody, Exemption, show};
use crate::id::{ObjectId, PathId, PathIds};
use crate::listed::Row;
use crate::page::{ExpressionQuery, ListQuery, Page, PageQuery};

/// What these groups hold.
const KIND: GroupKind = GroupKind::Device;

type GroupRow = Row<GroupOut>;

#[utoipa::path(get, path = "/api/v2/systemgroups", tag = "device groups", params(ListQuery, QueryDsl),
    responses((status = 200, body = Vec<GroupRow>), Reading))]
/// List device groups
pub(crate) async fn list(
    State(site): State<Site>,
    who: AdminOrg,
    headers: HeaderMap,
    page: Page,
) -> Result<Response, ApiError> {
    show::page(&site, &who, Some(KIND), &headers, &page).await
}

#[utoipa::path(post, path = "/api/v2/systemgroups", tag = "device groups", params(QueryDsl), request_body = GroupWrite,
    responses((status = 201, body = GroupOut), Changing))]
/// Create a device group
pub(crate) async fn create(
    State(site): State<Site>,
    who: AdminOrg,
    headers: HeaderMap,
    Json(body): Json<GroupWrite>,
) -> Result<Response, ApiError> {
    Ok((StatusCode::CREATED, group::create(&site, &who, KIND, &headers, &body).await?).into_response())
}

#[utoipa::path(get, path = "/api/v2/systemgroups/attributes", tag = "device groups",
    responses((status = 200, body = RuleVocabulary), Reading))]
/// List what rules about devices may speak of
pub(crate) async fn attributes(State(site): State<Site>, who: AdminOrg) -> Result<Json<RuleVocabulary>, ApiError> {
    vocabulary::attributes(&site, &who, KIND).await
}

#[utoipa::path(post, path = "/api/v2/systemgroups/expression", tag = "device groups", request_body = ExpressionRequest,
    responses((status = 200, body = ExpressionAnswer), Changing))]
/// Read a rule about devices as text
pub(crate) async fn expression(
    State(site): State<Site>,
    who: AdminOrg,
    Json(body): Json<ExpressionRequest>,
) -> Result<Json<ExpressionAnswer>, ApiError> {
    vocabulary::expression(&site, &who, KIND, body).await
}

#[utoipa::path(post, path = "/api/v2/systemgroups/preview", tag = "device groups", params(QueryDsl), request_body = PreviewRequest,
    responses((status = 200, body = Preview), Changing))]
/// Preview a device group
pub(crate) async fn preview(
    State(site): State<Site>,
    who: AdminOrg,
    headers: HeaderMap,
    Json(body): Json<PreviewRequest>,
) -> Result<Json<Preview>, ApiError> {
    preview::preview(&site, &who, KIND, &headers, &body).await
}

#[utoipa::path(post, path = "/api/v2/systemgroups/count", tag = "device groups", params(QueryDsl), request_body = CountRequest,
    responses((status = 200, body = CountAnswer), Changing))]
/// Count who meets the rule of a device group that is being written
pub(crate) async fn count(
    State(site): State<Site>,
    who: AdminOrg,
    headers: HeaderMap,
    Json(body): Json<CountRequest>,
) -> Result<Json<CountAnswer>, ApiError> {
    count::count(&site, &who, KIND, &headers, &body).await
}

#[utoipa::path(get, path = "/api/v2/systemgroups/{id}", tag = "device groups", params(("id" = ObjectId, Path), QueryDsl),
    responses((status = 200, body = GroupOut), Reading))]
/// Get a device group
pub(crate) async fn get(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    headers: HeaderMap,
) -> Result<Json<GroupOut>, ApiError> {
    show::one(&site, &who, KIND, id, &headers).await
}

#[utoipa::path(put, path = "/api/v2/systemgroups/{id}", tag = "device groups", params(("id" = ObjectId, Path), QueryDsl), request_body = GroupWrite,
    responses((status = 200, body = GroupOut), Changing))]
/// Replace a device group
pub(crate) async fn update(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    headers: HeaderMap,
    Json(body): Json<GroupWrite>,
) -> Result<Json<GroupOut>, ApiError> {
    group::update(&site, &who, KIND, id, &headers, &body).await
}

#[utoipa::path(delete, path = "/api/v2/systemgroups/{id}", tag = "device groups", params(("id" = ObjectId, Path), QueryDsl),
    responses((status = 200, body = GroupOut), Changing))]
/// Delete a device group
pub(crate) async fn delete(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    headers: HeaderMap,
) -> Result<Json<GroupOut>, ApiError> {
    group::delete(&site, &who, KIND, id, &headers).await
}

#[utoipa::path(post, path = "/api/v2/systemgroups/{id}/copy", tag = "device groups", params(("id" = ObjectId, Path), QueryDsl), request_body = CopyBody,
    responses((status = 201, body = GroupOut), Changing))]
/// Copy a device group
pub(crate) async fn copy(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    headers: HeaderMap,
    Json(body): Json<CopyBody>,
) -> Result<Response, ApiError> {
    Ok((StatusCode::CREATED, group::copy(&site, &who, KIND, id, &headers, body).await?).into_response())
}

#[utoipa::path(get, path = "/api/v2/systemgroups/{id}/members", tag = "device groups", params(("id" = ObjectId, Path), PageQuery, ExpressionQuery),
    responses((status = 200, body = Vec<GraphConnection>), Reading))]
/// List the members of a device group
pub(crate) async fn members(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
) -> Result<Response, ApiError> {
    members::edges(&site, &who, KIND, id, &page).await
}

#[utoipa::path(post, path = "/api/v2/systemgroups/{id}/members", tag = "device groups", params(("id" = ObjectId, Path)), request_body = GraphOperation<MemberKind>,
    responses((status = 204, description = "Done"), Changing))]
/// Put a device into a device group, or take it out
pub(crate) async fn change_members(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(body): Json<GraphOperation<MemberKind>>,
) -> Result<StatusCode, ApiError> {
    members::change(&site, &who, KIND, id, &body).await
}

#[utoipa::path(get, path = "/api/v2/systemgroups/{id}/membership", tag = "device groups", params(("id" = ObjectId, Path), PageQuery, ExpressionQuery),
    responses((status = 200, body = Vec<GraphObjectWithPaths>), Reading))]
/// List the members of a device group with their paths
pub(crate) async fn membership(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
) -> Result<Response, ApiError> {
    members::paths(&site, &who, KIND, id, &page).await
}

#[utoipa::path(get, path = "/api/v2/systemgroups/{id}/memberlist", tag = "device groups", params(("id" = ObjectId, Path), MembersQuery),
    responses((status = 200, body = Members), Reading))]
/// List the members of a device group by name
pub(crate) async fn member_list(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
) -> Result<Response, ApiError> {
    members::by_name(&site, &who, KIND, id, &page).await
}

#[utoipa::path(get, path = "/api/v2/systemgroups/{id}/members/{member}/explain", tag = "device groups", params(("id" = ObjectId, Path), ("member" = ObjectId, Path), ExplainQuery),
    responses((status = 200, body = ReasonOut), Reading))]
/// Explain why a device is in a device group, or is not
pub(crate) async fn explain(
    State(site): State<Site>,
    who: AdminOrg,
    PathIds(id, member): PathIds,
    at: At,
) -> Result<Json<ReasonOut>, ApiError> {
    explain::explain(&site, &who, KIND, id, member, at).await
}

#[utoipa::path(put, path = "/api/v2/systemgroups/{id}/exemptions/{member}", tag = "device groups", params(("id" = ObjectId, Path), ("member" = ObjectId, Path)), request_body = ExemptBody,
    responses((status = 204, description = "Done"), Changing))]
/// Exempt a device from the rule of a device group
pub(crate) async fn exempt(
    State(site): State<Site>,
    who: AdminOrg,
    PathIds(id, member): PathIds,
    Json(body): Json<ExemptBody>,
) -> Result<StatusCode, ApiError> {
    group::exempt(&site, &who, KIND, id, member, Exemption::Set(body)).await
}

#[utoipa::path(delete, path = "/api/v2/systemgroups/{id}/exemptions/{member}", tag = "device groups", params(("id" = ObjectId, Path), ("member" = ObjectId, Path), ConfirmedQuery),
    responses((status = 204, description = "Done"), Changing))]
/// Lift an exemption from the rule of a device group
pub(crate) async fn lift(
    State(site): State<Site>,
    who: AdminOrg,
    PathIds(id, member): PathIds,
    confirmed: Confirmed,
) -> Result<StatusCode, ApiError> {
    group::exempt(&site, &who, KIND, id, member, Exemption::Lift(confirmed)).await
}

#[utoipa::path(get, path = "/api/v2/systemgroups/{id}/suggestions", tag = "device groups", params(("id" = ObjectId, Path), PageQuery),
    responses((status = 200, body = Vec<SuggestionOut>), Reading))]
/// List what the rule of a device group suggests
pub(crate) async fn suggestions(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
) -> Result<Response, ApiError> {
    suggestions::list(&site, &who, KIND, id, &page).await
}

#[utoipa::path(post, path = "/api/v2/systemgroups/{id}/suggestions", tag = "device groups", params(("id" = ObjectId, Path)), request_body = DecideBody,
    responses((status = 200, body = DecideOut), Changing))]
/// Accept what the rule of a device group suggests
pub(crate) async fn accept(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(body): Json<DecideBody>,
) -> Result<Json<DecideOut>, ApiError> {
    suggestions::decide(&site, &who, KIND, id, &body, true).await
}

#[utoipa::path(post, path = "/api/v2/systemgroups/{id}/suggestions/reject", tag = "device groups", params(("id" = ObjectId, Path)), request_body = DecideBody,
    responses((status = 200, body = DecideOut), Changing))]
/// Reject what the rule of a device group suggests
pub(crate) async fn reject(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(body): Json<DecideBody>,
) -> Result<Json<DecideOut>, ApiError> {
    suggestions::decide(&site, &who, KIND, id, &body, false).await
}

#[utoipa::path(post, path = "/api/v2/systemgroups/{id}/membership", tag = "device groups", params(("id" = ObjectId, Path)),
    request_body = GraphOperation<MemberKind>, responses((status = 204, description = "Done"), Changing))]
/// Put a device into a device group, or take it out, as one command-line client asks for it
pub(crate) async fn change_membership(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(body): Json<GraphOperation<MemberKind>>,
) -> Result<StatusCode, ApiError> {
    members::change(&site, &who, KIND, id, &body).await
}
