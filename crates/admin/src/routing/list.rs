//! Lists policies in the order in which they are asked.

use axum::extract::State;
use axum::response::Response;
use muster_directory::routing::store;
use muster_http::{AdminOrg, ApiError, Site};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::PolicyOut;
use crate::failure::Reading;
use crate::listed::cut;
use crate::page::{ListQuery, Page};

/// A page of routing policies.
#[derive(Serialize, ToSchema)]
#[schema(as = RoutingPolicies)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Policies {
    /// The policies.
    results: Vec<PolicyOut>,
    /// How many there are in all.
    total_count: i64,
}

#[utoipa::path(get, path = "/api/v2/identity-provider/policies", tag = "routing policies", params(ListQuery),
    responses((status = 200, body = Policies), Reading))]
/// List routing policies
pub(crate) async fn list(State(site): State<Site>, who: AdminOrg, mut page: Page) -> Result<Response, ApiError> {
    let policies = store::all(&mut site.directory().read(), who.org()).await?;
    let rows = policies.iter().map(|p| (p.id, PolicyOut::new(p))).collect();
    if page.sort.is_empty() && page.cursor.is_none() {
        page.sort = vec!["order".into()];
    }
    Ok(cut(&site, &page, rows, &["name", "description"])?.wrapped("results"))
}
