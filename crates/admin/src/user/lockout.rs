//! Unlocks a person.

use axum::extract::State;
use muster_directory::user::lockout::Unlock;
use muster_http::{AdminOrg, ApiError, Site};

use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

#[utoipa::path(post, path = "/api/systemusers/{id}/unlock", tag = "users", params(("id" = ObjectId, Path)),
    responses((status = 200, description = "Failed sign-ins are forgotten"), Changing))]
/// Unlock a person
pub(crate) async fn unlock(State(site): State<Site>, who: AdminOrg, PathId(id): PathId) -> Result<(), ApiError> {
    Ok(site.directory().write(who.actor(), who.org(), Unlock { id }).await?)
}
