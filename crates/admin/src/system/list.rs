//! Lists devices.

use axum::extract::State;
use axum::response::Response;
use muster_base::Id;
use muster_directory::device::model::canonical;
use muster_directory::device::{DEVICE_ATTRIBUTES, Device};
use muster_directory::group::GroupKind;
use muster_directory::listing::{self, Filter, Query};
use muster_http::{AdminOrg, ApiError, Site};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::model::{SystemOut, shown};
use crate::failure::Reading;
use crate::group::within;
use crate::listed::{Listed, Row, cut, select};
use crate::page::{ExpressionQuery, ListQuery, Page};

type SystemRow = Row<SystemOut>;

/// A page of devices.
#[derive(Serialize, ToSchema)]
#[schema(as = Systems)]
pub(crate) struct SystemList {
    /// The devices.
    #[schema(value_type = Vec<SystemRow>)]
    results: Vec<Value>,
    /// How many there are in all.
    #[serde(rename = "totalCount")]
    total_count: i64,
}

#[utoipa::path(get, path = "/api/systems", tag = "devices", params(ListQuery, ExpressionQuery), responses((status = 200, body = SystemList), Reading))]
/// List devices
pub(crate) async fn list(State(site): State<Site>, who: AdminOrg, page: Page) -> Result<Response, ApiError> {
    let within = within::ids(&site, &who, GroupKind::Device, &page).await?;
    let listed = match plain(&page) {
        Some(query) => of_attributes(&site, &who, &page, Query { within, ..query }).await?,
        None => of_members(&site, &who, &page, within.as_deref()).await?,
    };
    let rows = listed.rows.iter().map(|row| select(row, &page.fields)).collect();
    Ok(Listed { rows, total: listed.total, link: listed.link }.wrapped("results"))
}

/// The question as the directory answers it: filters on attributes alone.
fn plain(page: &Page) -> Option<Query> {
    let filters: Option<Vec<Filter>> = page.filters.iter().map(|text| Filter::read(text).ok()).collect();
    let known = |field: &str| {
        field.starts_with("attributes.") || DEVICE_ATTRIBUTES.iter().any(|(name, _, _)| *name == canonical(field))
    };
    let filters = filters?;
    if !page.any.is_empty() || !filters.iter().all(|f| known(&f.field)) {
        return None;
    }
    Some(Query {
        search: page.search.clone(),
        filters,
        within: None,
        sort: page.sort.clone(),
        after: page.cursor.filter(|_| page.is_by_id()).map(|c| c.text()),
        limit: page.limit,
        skip: page.skip,
    })
}

async fn of_attributes(site: &Site, who: &AdminOrg, page: &Page, query: Query) -> Result<Listed<SystemOut>, ApiError> {
    let directory = site.directory();
    let (devices, total) = listing::list(&mut directory.read(), who.org(), &query).await?;
    let rows = shown(directory, who.org(), &devices).await?;
    let full = i64::try_from(rows.len()).is_ok_and(|n| n == page.limit);
    let link = rows.last().filter(|_| full && page.is_by_id()).map(|r| page.next(site.config().base(), r.id.0));
    Ok(Listed { rows, total, link })
}

/// The question over the objects as they are shown.
async fn of_members(
    site: &Site,
    who: &AdminOrg,
    page: &Page,
    within: Option<&[Id]>,
) -> Result<Listed<SystemOut>, ApiError> {
    let directory = site.directory();
    let devices: Vec<Device> = match page.search.as_deref() {
        Some(term) => listing::search(&mut directory.read(), who.org(), term, "", i64::MAX).await?.0,
        None => listing::everyone(&mut directory.read(), who.org()).await?,
    };
    let devices: Vec<_> =
        devices.into_iter().filter(|d| within.is_none_or(|ids| ids.binary_search(&d.id).is_ok())).collect();
    let rows = shown(directory, who.org(), &devices).await?.into_iter().map(|row| (row.id.0, row)).collect();
    // What was searched for is found already.
    let mut found = page.clone();
    found.search = None;
    cut(site, &found, rows, &[])
}
