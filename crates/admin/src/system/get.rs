//! Shows one device.

use axum::extract::State;
use muster_directory::device::store;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::{SystemOut, show};
use crate::failure::Reading;
use crate::id::{ObjectId, PathId};

#[utoipa::path(get, path = "/api/systems/{id}", tag = "devices", params(("id" = ObjectId, Path)),
    responses((status = 200, body = SystemOut), Reading))]
/// Get a device
pub(crate) async fn get(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<SystemOut>, ApiError> {
    let device = store::get(&mut site.directory().read(), who.org(), id).await?;
    Ok(Json(show(site.directory(), &device).await?))
}
