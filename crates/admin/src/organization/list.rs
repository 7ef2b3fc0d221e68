//! Lists the organizations that an administrator reaches.

use axum::extract::State;
use axum::response::Response;
use muster_directory::{administrator, organization};
use muster_http::{Admin, ApiError, Site};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::model::OrganizationOut;
use crate::failure::Reading;
use crate::listed::{Listed, Row, cut, select};
use crate::page::{ListQuery, Page};

type OrganizationRow = Row<OrganizationOut>;

/// A page of organizations.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Organizations {
    /// The organizations.
    #[schema(value_type = Vec<OrganizationRow>)]
    results: Vec<Value>,
    /// How many there are in all.
    total_count: i64,
}

#[utoipa::path(get, path = "/api/organizations", tag = "organizations", params(ListQuery),
    responses((status = 200, body = Organizations), Reading))]
/// List organizations
pub(crate) async fn list(State(site): State<Site>, who: Admin, page: Page) -> Result<Response, ApiError> {
    let mut source = site.directory().read();
    let ids = administrator::store::organizations(&mut source, who.admin.id).await?;
    let organizations = organization::store::by_ids(&mut source, &ids).await?;
    let rows = organizations.iter().map(|o| (o.id, OrganizationOut::new(o))).collect();
    let Listed { rows, total, link } = cut(&site, &page, rows, &["displayName", "slug"])?;
    let rows = rows.iter().map(|row| select(row, &page.fields)).collect();
    Ok(Listed { rows, total, link }.wrapped("results"))
}
