//! Changes an organization: v1's PUT merges, settings in their depth.

use axum::extract::State;
use http::HeaderMap;
use muster_directory::organization::Settings;
use muster_directory::organization::update::Update;
use muster_http::{Admin, ApiError, Json, Site};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::model::OrganizationOut;
use super::reached;
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

/// An organization as written: what is left out stays. Members that cannot be written are passed over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrganizationWrite {
    /// Its name for people.
    display_name: Option<String>,
    /// What administrators may set; what is left out stays.
    #[serde(default)]
    #[schema(value_type = Option<Settings>)]
    settings: Option<Map<String, Value>>,
}

#[utoipa::path(put, path = "/api/organizations/{id}", tag = "organizations", params(("id" = ObjectId, Path)),
    request_body = OrganizationWrite, responses((status = 200, body = OrganizationOut), Changing))]
/// Update an organization
pub(crate) async fn update(
    State(site): State<Site>,
    who: Admin,
    PathId(id): PathId,
    headers: HeaderMap,
    Json(body): Json<OrganizationWrite>,
) -> Result<Json<OrganizationOut>, ApiError> {
    reached(&site, &who, &headers, id).await?;
    let verb = Update { name: body.display_name, settings: body.settings.unwrap_or_default() };
    let written = site.directory().write(who.actor(), id, verb).await;
    let organization = written.map_err(|e| e.renamed("name", "displayName"))?;
    Ok(Json(OrganizationOut::new(&organization)))
}
