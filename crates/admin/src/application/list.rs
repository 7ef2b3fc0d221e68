//! Lists applications.

use axum::extract::State;
use axum::response::Response;
use muster_directory::application::store;
use muster_http::{AdminOrg, ApiError, Site};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::model::ApplicationOut;
use crate::failure::Reading;
use crate::listed::{Listed, Row, cut, select};
use crate::page::{ListQuery, Page};

type ApplicationRow = Row<ApplicationOut>;

/// A page of applications.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Applications {
    /// The applications.
    #[schema(value_type = Vec<ApplicationRow>)]
    results: Vec<Value>,
    /// How many there are in all.
    total_count: i64,
}

#[utoipa::path(get, path = "/api/applications", tag = "applications", params(ListQuery),
    responses((status = 200, body = Applications), Reading))]
/// List applications
pub(crate) async fn list(State(site): State<Site>, who: AdminOrg, page: Page) -> Result<Response, ApiError> {
    let apps = store::all(&mut site.directory().read(), who.org()).await?;
    let issuer = site.issuer(&who.organization.slug);
    let rows = apps.iter().map(|app| (app.id, ApplicationOut::new(app, &issuer))).collect();
    let Listed { rows, total, link } = cut(&site, &page, rows, &["displayLabel", "displayName", "description"])?;
    let rows = rows.iter().map(|row| select(row, &page.fields)).collect();
    Ok(Listed { rows, total, link }.wrapped("results"))
}
