//! Removes a policy.

use axum::extract::State;
use muster_directory::routing::delete::Delete;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::PolicyOut;
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

#[utoipa::path(delete, path = "/api/v2/identity-provider/policies/{id}", tag = "routing policies",
    params(("id" = ObjectId, Path)), responses((status = 200, body = PolicyOut), Changing))]
/// Delete a routing policy
pub(crate) async fn delete(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<PolicyOut>, ApiError> {
    let policy = site.directory().write(who.actor(), who.org(), Delete { id }).await?;
    Ok(Json(PolicyOut::new(&policy)))
}
