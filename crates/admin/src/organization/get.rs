//! Shows one organization.

use axum::extract::State;
use http::HeaderMap;
use muster_http::{Admin, ApiError, Json, Site};

use super::model::OrganizationOut;
use super::reached;
use crate::failure::Reading;
use crate::id::{ObjectId, PathId};

#[utoipa::path(get, path = "/api/organizations/{id}", tag = "organizations", params(("id" = ObjectId, Path)),
    responses((status = 200, body = OrganizationOut), Reading))]
/// Get an organization
pub(crate) async fn get(
    State(site): State<Site>,
    who: Admin,
    PathId(id): PathId,
    headers: HeaderMap,
) -> Result<Json<OrganizationOut>, ApiError> {
    Ok(Json(OrganizationOut::new(&reached(&site, &who, &headers, id).await?)))
}
