//! What a person allowed applications of others.

use axum::extract::State;
use http::StatusCode;
use muster_directory::consent::revoke::Revoke;
use muster_http::{ApiError, Json, Me, Site};

use crate::failure::{Changing, Reading};
use crate::id::{ObjectId, PathId};
use crate::user::{ConsentOut, of};

#[utoipa::path(get, path = "/api/v2/me/consents", tag = "portal",
    responses((status = 200, body = Vec<ConsentOut>), Reading))]
/// List what one allowed applications
pub(crate) async fn list(State(site): State<Site>, me: Me) -> Result<Json<Vec<ConsentOut>>, ApiError> {
    Ok(Json(of(&site, me.organization.id, me.user.id).await?))
}

#[utoipa::path(delete, path = "/api/v2/me/consents/{id}", tag = "portal", params(("id" = ObjectId, Path)),
    responses((status = 204, description = "Taken back; what was granted on it has ended"), Changing))]
/// Take back what one allowed an application
pub(crate) async fn revoke(State(site): State<Site>, me: Me, PathId(id): PathId) -> Result<StatusCode, ApiError> {
    let verb = Revoke { user: me.user.id, id };
    site.directory().write(me.actor(), me.organization.id, verb).await?;
    Ok(StatusCode::NO_CONTENT)
}
