//! Makes a policy.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use muster_directory::routing::create::Create;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::PolicyOut;
use super::write::PolicyWrite;
use crate::failure::Changing;

#[utoipa::path(post, path = "/api/v2/identity-provider/policies", tag = "routing policies", request_body = PolicyWrite,
    responses((status = 201, body = PolicyOut), Changing))]
/// Create a routing policy
pub(crate) async fn create(
    State(site): State<Site>,
    who: AdminOrg,
    Json(body): Json<PolicyWrite>,
) -> Result<Response, ApiError> {
    let policy = site.directory().write(who.actor(), who.org(), Create { input: body.input() }).await?;
    Ok((StatusCode::CREATED, Json(PolicyOut::new(&policy))).into_response())
}
