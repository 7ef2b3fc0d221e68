//! Lists the administrators that were given the organization.

use axum::extract::State;
use axum::response::Response;
use muster_directory::administrator::store;
use muster_http::{AdminOrg, ApiError, Site};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::model::AdministratorOut;
use crate::failure::Reading;
use crate::listed::{Listed, Row, cut, select};
use crate::page::{ListQuery, Page};

type AdministratorRow = Row<AdministratorOut>;

/// A page of administrators.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Administrators {
    /// The administrators.
    #[schema(value_type = Vec<AdministratorRow>)]
    results: Vec<Value>,
    /// How many there are in all.
    total_count: i64,
}

#[utoipa::path(get, path = "/api/users", tag = "administrators", params(ListQuery),
    responses((status = 200, body = Administrators), Reading))]
/// List administrators
pub(crate) async fn list(State(site): State<Site>, who: AdminOrg, page: Page) -> Result<Response, ApiError> {
    let admins = store::with_roles(&mut site.directory().read(), who.org()).await?;
    let rows = admins.iter().map(|(a, role)| (a.id, AdministratorOut::new(a, *role, who.org()))).collect();
    let Listed { rows, total, link } = cut(&site, &page, rows, &["email", "firstname", "lastname", "roleName"])?;
    let rows = rows.iter().map(|row| select(row, &page.fields)).collect();
    Ok(Listed { rows, total, link }.wrapped("results"))
}
