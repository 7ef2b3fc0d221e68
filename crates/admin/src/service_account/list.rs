//! Lists service accounts.

use axum::extract::State;
use muster_directory::service_account::store;
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{ServiceAccountOut, show};
use crate::failure::Reading;

/// The service accounts: there are few, so all of them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ServiceAccountList)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServiceAccounts {
    results: Vec<ServiceAccountOut>,
    total_count: usize,
}

#[utoipa::path(get, path = "/api/v2/service-accounts", tag = "service accounts",
    responses((status = 200, body = ServiceAccounts), Reading))]
/// List service accounts
pub(crate) async fn list(State(site): State<Site>, who: AdminOrg) -> Result<Json<ServiceAccounts>, ApiError> {
    let mut results = Vec::new();
    for account in store::all(&mut site.directory().read(), who.org()).await? {
        results.push(show(&site, who.org(), account.id).await?);
    }
    Ok(Json(ServiceAccounts { total_count: results.len(), results }))
}
