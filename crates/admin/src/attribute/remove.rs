//! Removes the declaration of a custom attribute.

use axum::extract::{Path, State};
use http::StatusCode;
use muster_directory::attribute::remove;
use muster_http::{AdminOrg, ApiError, Site};

use crate::failure::Changing;

#[utoipa::path(delete, path = "/api/v2/attributes/{name}", tag = "attributes",
    params(("name" = String, Path, description = "The attribute's name")),
    responses((status = 204, description = "Its values are text again; rules that speak of it are flagged"), Changing))]
/// Remove the declaration of a custom attribute
pub(crate) async fn remove(
    State(site): State<Site>,
    who: AdminOrg,
    Path(name): Path<String>,
) -> Result<StatusCode, ApiError> {
    site.directory().write(who.actor(), who.org(), remove::Remove { name }).await?;
    Ok(StatusCode::NO_CONTENT)
}
