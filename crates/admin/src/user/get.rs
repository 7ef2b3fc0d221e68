//! Shows one person.

use axum::extract::State;
use muster_directory::user::store;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::{UserOut, show};
use crate::failure::Reading;
use crate::id::{ObjectId, PathId};

#[utoipa::path(get, path = "/api/systemusers/{id}", tag = "users", params(("id" = ObjectId, Path)),
    responses((status = 200, body = UserOut), Reading))]
/// Get a person
pub(crate) async fn get(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<UserOut>, ApiError> {
    let user = store::get(&mut site.directory().read(), who.org(), id).await?;
    Ok(Json(show(site.directory(), &who.organization.settings, &user).await?))
}
