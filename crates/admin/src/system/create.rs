//! Makes a device, with `--dev` alone: JumpCloud's API has no such call, since there a device comes by its agent.

use axum::extract::State;
use http::StatusCode;
use muster_directory::device::Facts;
use muster_directory::device::create::Create;
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde_json::{Map, Value};

use super::model::{SystemOut, show};
use super::update::owner;
use crate::failure::Changing;

#[utoipa::path(post, path = "/api/systems", tag = "devices", request_body = Facts,
    responses((status = 200, body = SystemOut), Changing))]
/// Create a device; only on a server that runs with `--dev`, elsewhere 403
pub(crate) async fn create(
    State(site): State<Site>,
    who: AdminOrg,
    Json(facts): Json<Map<String, Value>>,
) -> Result<Json<SystemOut>, ApiError> {
    if !site.config().dev {
        let message = "a device is not made by hand: import it with POST /api/v2/systems/import (this call exists with --dev alone)";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "PERMISSION_DENIED", message));
    }
    let owner = owner(facts.get("primarySystemUser"))?.flatten();
    let verb = Create { id: None, facts, owner, created_at: None };
    let device = site.directory().write(who.actor(), who.org(), verb).await?;
    Ok(Json(show(site.directory(), &device).await?))
}
