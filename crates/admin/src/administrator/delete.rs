//! Takes the organization from an administrator; one who has nothing left is removed.

use axum::extract::State;
use muster_directory::administrator::grant::Revoke;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::AdministratorOut;
use super::of_organization;
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

#[utoipa::path(delete, path = "/api/users/{id}", tag = "administrators", params(("id" = ObjectId, Path)),
    responses((status = 200, body = AdministratorOut), Changing))]
/// Remove an administrator from the organization
pub(crate) async fn delete(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<AdministratorOut>, ApiError> {
    who.person()?;
    let (admin, role) = of_organization(&site, &who, id).await?;
    site.directory().write(who.actor(), who.org(), Revoke { admin: id }).await?;
    Ok(Json(AdministratorOut::new(&admin, role, who.org())))
}
