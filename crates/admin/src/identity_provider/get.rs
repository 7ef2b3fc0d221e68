//! Shows one provider.

use axum::extract::State;
use muster_directory::identity_provider::store;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::IdentityProviderOut;
use super::routed;
use crate::failure::Reading;
use crate::id::{ObjectId, PathId};

#[utoipa::path(get, path = "/api/v2/identity-providers/{id}", tag = "identity providers", params(("id" = ObjectId, Path)),
    responses((status = 200, body = IdentityProviderOut), Reading))]
/// Get an identity provider
pub(crate) async fn get(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<IdentityProviderOut>, ApiError> {
    let idp = store::get(&mut site.directory().read(), who.org(), id).await?;
    let routed = routed::counts(site.directory(), who.org()).await?.get(&id).copied().unwrap_or(0);
    Ok(Json(IdentityProviderOut::new(&site, &who.organization, &idp, routed)))
}
