//! Removes an application.

use axum::extract::State;
use muster_directory::application::delete::Delete;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::ApplicationOut;
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

#[utoipa::path(delete, path = "/api/applications/{id}", tag = "applications", params(("id" = ObjectId, Path)),
    responses((status = 200, body = ApplicationOut), Changing))]
/// Delete an application
pub(crate) async fn delete(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<ApplicationOut>, ApiError> {
    let app = site.directory().write(who.actor(), who.org(), Delete { id }).await?;
    let issuer = site.issuer(&who.organization.slug);
    Ok(Json(ApplicationOut { logo: super::model::Logo { url: None }, ..ApplicationOut::new(&app, &issuer) }))
}
