//! Signs an administrator out.

use axum::extract::State;
use http::StatusCode;
use muster_directory::session::end;
use muster_http::{Admin, ApiError, Site};

use crate::failure::Changing;

#[utoipa::path(delete, path = "/api/v2/session", tag = "session",
    responses((status = 204, description = "Signed out"), Changing))]
/// Sign out
pub(crate) async fn end(State(site): State<Site>, who: Admin) -> Result<StatusCode, ApiError> {
    // An API key has no session to end.
    if let Some(session) = who.session {
        end::admin(site.directory(), session.id).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
