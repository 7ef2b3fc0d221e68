//! Shows one policy.

use axum::extract::State;
use muster_directory::routing::store;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::PolicyOut;
use crate::failure::Reading;
use crate::id::{ObjectId, PathId};

#[utoipa::path(get, path = "/api/v2/identity-provider/policies/{id}", tag = "routing policies",
    params(("id" = ObjectId, Path)), responses((status = 200, body = PolicyOut), Reading))]
/// Get a routing policy
pub(crate) async fn get(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<PolicyOut>, ApiError> {
    Ok(Json(PolicyOut::new(&store::get(&mut site.directory().read(), who.org(), id).await?)))
}
