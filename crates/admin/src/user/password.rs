//! Sets a person's password as an administrator, and makes it expire.

use axum::extract::State;
use muster_base::Secret;
use muster_directory::password::prepare;
use muster_directory::user::set_password::{Proof, SetPassword, allowed};
use muster_directory::user::state::ExpirePassword;
use muster_directory::user::store;
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

/// A new password.
#[derive(Deserialize, ToSchema)]
#[schema(as = SystemUserPassword)]
pub(crate) struct NewPassword {
    password: String,
}

#[utoipa::path(post, path = "/api/systemusers/{id}/password", tag = "users", params(("id" = ObjectId, Path)),
    request_body = NewPassword, responses((status = 200, description = "The password is set; sessions have ended"), Changing))]
/// Set a person's password
pub(crate) async fn set(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(body): Json<NewPassword>,
) -> Result<(), ApiError> {
    let directory = site.directory();
    let user = store::get(&mut directory.read(), who.org(), id).await?;
    allowed(&user.profile)?;
    let hash = prepare(directory, &user, &Secret::new(body.password)).await?;
    directory.write(who.actor(), who.org(), SetPassword { id, hash, proof: Proof::Administrator }).await?;
    Ok(())
}

#[utoipa::path(post, path = "/api/systemusers/{id}/expire", tag = "users", params(("id" = ObjectId, Path)),
    responses((status = 200, description = "The password must be changed; sessions have ended"), Changing))]
/// Make a person's password expire
pub(crate) async fn expire(State(site): State<Site>, who: AdminOrg, PathId(id): PathId) -> Result<(), ApiError> {
    site.directory().write(who.actor(), who.org(), ExpirePassword { id }).await?;
    Ok(())
}
