//! Lists providers.

use axum::extract::State;
use axum::response::Response;
use muster_base::limits::PAGE_MAX;
use muster_directory::identity_provider::store;
use muster_http::{AdminOrg, ApiError, Site};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::IdentityProviderOut;
use super::routed;
use crate::failure::Reading;
use crate::listed::cut;
use crate::page::{ListQuery, Page};

/// A page of identity providers.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IdentityProviders {
    /// The providers.
    identity_providers: Vec<IdentityProviderOut>,
    /// How many there are in all.
    total_count: i64,
}

#[utoipa::path(get, path = "/api/v2/identity-providers", tag = "identity providers", params(ListQuery),
    responses((status = 200, body = IdentityProviders), Reading))]
/// List identity providers
pub(crate) async fn list(State(site): State<Site>, who: AdminOrg, mut page: Page) -> Result<Response, ApiError> {
    let providers = store::all(&mut site.directory().read(), who.org()).await?;
    let routed = routed::counts(site.directory(), who.org()).await?;
    let count = |id| routed.get(id).copied().unwrap_or(0);
    let rows =
        providers.iter().map(|p| (p.id, IdentityProviderOut::new(&site, &who.organization, p, count(&p.id)))).collect();
    if !page.limit_given {
        // There are few, and clients written for JumpCloud's one provider do not page.
        page.limit = PAGE_MAX;
    }
    Ok(cut(&site, &page, rows, &["name"])?.wrapped("identityProviders"))
}
