//! Changes a policy: v2's PUT replaces.

use axum::extract::State;
use muster_directory::routing::update::Update;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::PolicyOut;
use super::write::PolicyWrite;
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

#[utoipa::path(put, path = "/api/v2/identity-provider/policies/{id}", tag = "routing policies",
    params(("id" = ObjectId, Path)), request_body = PolicyWrite, responses((status = 200, body = PolicyOut), Changing))]
/// Replace a routing policy
pub(crate) async fn update(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(body): Json<PolicyWrite>,
) -> Result<Json<PolicyOut>, ApiError> {
    let policy = site.directory().write(who.actor(), who.org(), Update { id, input: body.input() }).await?;
    Ok(Json(PolicyOut::new(&policy)))
}
