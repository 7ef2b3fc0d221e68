//! Removes a provider that no policy names.

use axum::extract::State;
use muster_directory::identity_provider::delete::Delete;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::IdentityProviderOut;
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

#[utoipa::path(delete, path = "/api/v2/identity-providers/{id}", tag = "identity providers",
    params(("id" = ObjectId, Path)), responses((status = 200, body = IdentityProviderOut), Changing))]
/// Delete an identity provider
pub(crate) async fn delete(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<IdentityProviderOut>, ApiError> {
    let idp = site.directory().write(who.actor(), who.org(), Delete { id }).await?;
    Ok(Json(IdentityProviderOut::new(&site, &who.organization, &idp, 0)))
}
