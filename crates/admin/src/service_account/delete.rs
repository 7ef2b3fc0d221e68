//! Removes a service account.

use axum::extract::State;
use http::StatusCode;
use muster_directory::service_account::delete::Delete;
use muster_http::{AdminOrg, ApiError, Site};

use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

#[utoipa::path(delete, path = "/api/v2/service-accounts/{id}", tag = "service accounts",
    params(("id" = ObjectId, Path)),
    responses((status = 204, description = "It and its tokens do not work any more"), Changing))]
/// Delete a service account
pub(crate) async fn delete(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<StatusCode, ApiError> {
    who.person()?;
    site.directory().write(who.actor(), who.org(), Delete { id }).await?;
    Ok(StatusCode::NO_CONTENT)
}
