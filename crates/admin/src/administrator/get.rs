//! Shows one administrator.

use axum::extract::State;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::AdministratorOut;
use super::of_organization;
use crate::failure::Reading;
use crate::id::{ObjectId, PathId};

#[utoipa::path(get, path = "/api/users/{id}", tag = "administrators", params(("id" = ObjectId, Path)),
    responses((status = 200, body = AdministratorOut), Reading))]
/// Get an administrator
pub(crate) async fn get(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<AdministratorOut>, ApiError> {
    let (admin, role) = of_organization(&site, &who, id).await?;
    Ok(Json(AdministratorOut::new(&admin, role, who.org())))
}
