//! A person's own sessions.

use axum::extract::State;
use http::StatusCode;
use muster_directory::session::end::End;
use muster_http::{ApiError, Json, Me, Site};

use crate::failure::{Changing, Reading};
use crate::id::{ObjectId, PathId};
use crate::user::{SessionOut, live};

#[utoipa::path(get, path = "/api/v2/me/sessions", tag = "portal",
    responses((status = 200, body = Vec<SessionOut>), Reading))]
/// List one's own sessions
pub(crate) async fn list(State(site): State<Site>, me: Me) -> Result<Json<Vec<SessionOut>>, ApiError> {
    Ok(Json(live(&site, &me.organization, me.user.id, Some(me.session.id)).await?))
}

#[utoipa::path(delete, path = "/api/v2/me/sessions/{id}", tag = "portal", params(("id" = ObjectId, Path)),
    responses((status = 204, description = "It has ended"), Changing))]
/// End one of one's own sessions
pub(crate) async fn end(State(site): State<Site>, me: Me, PathId(session): PathId) -> Result<StatusCode, ApiError> {
    let verb = End { session, principal: Some(me.user.id) };
    site.directory().write(me.actor(), me.organization.id, verb).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(delete, path = "/api/v2/me/session", tag = "portal",
    responses((status = 204, description = "Signed out"), Changing))]
/// Sign out
pub(crate) async fn sign_out(State(site): State<Site>, me: Me) -> Result<StatusCode, ApiError> {
    let verb = End { session: me.session.id, principal: Some(me.user.id) };
    site.directory().write(me.actor(), me.organization.id, verb).await?;
    Ok(StatusCode::NO_CONTENT)
}
