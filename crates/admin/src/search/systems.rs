//! Searches devices.

use axum::extract::State;
use axum::response::Response;
use muster_directory::device::Device;
use muster_directory::listing;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::{Search, SearchBody};
use crate::failure::Changing;
use crate::system::{SystemList, shown};

/// Where a term is looked for when the search does not say.
const NAMES: &[&str] = &["displayName", "hostname", "os", "version", "serialNumber", "description", "remoteIP"];

#[utoipa::path(post, path = "/api/search/systems", tag = "devices", request_body = SearchBody,
    responses((status = 200, body = SystemList), Changing))]
/// Search devices
pub(crate) async fn search(
    State(site): State<Site>,
    who: AdminOrg,
    Json(body): Json<SearchBody>,
) -> Result<Response, ApiError> {
    let search = Search::read(body, NAMES)?;
    let directory = site.directory();
    let devices: Vec<Device> = listing::everyone(&mut directory.read(), who.org()).await?;
    let rows = shown(directory, who.org(), &devices).await?;
    let objects = rows.iter().map(|row| (row.id.0, serde_json::to_value(row).unwrap_or_default()));
    Ok(search.found(&site, objects).wrapped("results"))
}
