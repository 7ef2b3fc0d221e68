//! Asks a provider anew whether it can be used.

use axum::extract::State;
use muster_directory::identity_provider::store;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::CheckOut;
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

#[utoipa::path(post, path = "/api/v2/identity-providers/{id}/check", tag = "identity providers",
    params(("id" = ObjectId, Path)), responses((status = 200, body = CheckOut), Changing))]
/// Check an identity provider
pub(crate) async fn check(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<CheckOut>, ApiError> {
    let idp = store::get(&mut site.directory().read(), who.org(), id).await?;
    Ok(Json(site.probe().check(idp.org, idp.id).await.into()))
}
