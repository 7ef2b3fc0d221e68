//! Removes a device's record.

use axum::extract::State;
use muster_directory::device::delete::Delete;
use muster_directory::device::store;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::{SystemOut, show};
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

#[utoipa::path(delete, path = "/api/systems/{id}", tag = "devices", params(("id" = ObjectId, Path)),
    responses((status = 200, body = SystemOut), Changing))]
/// Delete a device
pub(crate) async fn delete(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<SystemOut>, ApiError> {
    let directory = site.directory();
    let before = store::get(&mut directory.read(), who.org(), id).await?;
    let out = show(directory, &before).await?;
    directory.write(who.actor(), who.org(), Delete { id }).await?;
    Ok(Json(out))
}
