//! Removes an initial access token.

use axum::extract::State;
use http::StatusCode;
use muster_directory::registration::delete::Delete;
use muster_http::{AdminOrg, ApiError, Site};

use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

#[utoipa::path(delete, path = "/api/v2/registration-tokens/{id}", tag = "registration",
    params(("id" = ObjectId, Path)),
    responses((status = 204, description = "Nobody registers with it any more"), Changing))]
/// Remove a token with which clients may register themselves
pub(crate) async fn delete(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<StatusCode, ApiError> {
    site.directory().write(who.actor(), who.org(), Delete { id }).await?;
    Ok(StatusCode::NO_CONTENT)
}
