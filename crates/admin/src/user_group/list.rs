//! Lists groups.

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use muster_directory::group::store;
use muster_http::{AdminOrg, ApiError, Site};
use serde_json::Value;

use super::model::GroupOut;
use super::query::{QueryDsl, is_v2};
use crate::failure::Reading;
use crate::listed::{Listed, Row, cut, select};
use crate::page::{ListQuery, Page};

type GroupRow = Row<GroupOut>;

#[utoipa::path(get, path = "/api/v2/usergroups", tag = "user groups", params(ListQuery, QueryDsl),
    responses((status = 200, body = Vec<GroupRow>), Reading))]
/// List user groups
pub(crate) async fn list(
    State(site): State<Site>,
    who: AdminOrg,
    headers: HeaderMap,
    page: Page,
) -> Result<Response, ApiError> {
    Ok(listed(&site, &who, &headers, &page).await?.bare())
}

#[utoipa::path(get, path = "/api/v2/groups", tag = "user groups", params(ListQuery, QueryDsl),
    responses((status = 200, body = Vec<GroupRow>), Reading))]
/// List groups of every kind
pub(crate) async fn groups(
    State(site): State<Site>,
    who: AdminOrg,
    headers: HeaderMap,
    page: Page,
) -> Result<Response, ApiError> {
    Ok(listed(&site, &who, &headers, &page).await?.bare())
}

async fn listed(site: &Site, who: &AdminOrg, headers: &HeaderMap, page: &Page) -> Result<Listed<Value>, ApiError> {
    let mut source = site.directory().read();
    let counts = store::member_counts(&mut source, who.org()).await?;
    let groups = store::all(&mut source, who.org()).await?;
    let show = |id| counts.get(id).copied().unwrap_or(0);
    let rows = groups.iter().map(|g| (g.id, GroupOut::new(g, None, show(&g.id), is_v2(headers)))).collect();
    let Listed { rows, total, link } = cut(site, page, rows, &["name", "description"])?;
    Ok(Listed { rows: rows.iter().map(|row| select(row, &page.fields)).collect(), total, link })
}
