//! Lets a person in and keeps them out.

use axum::extract::State as AxumState;
use muster_directory::user::state::SetState;
use muster_directory::user::{State, store};
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Deserialize;
use utoipa::ToSchema;

use super::create::activation_link;
use super::model::{UserOut, show};
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

/// How a person is let in.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = SystemUserActivation)]
pub(crate) struct Activation {
    /// Where the mail goes. Only the person's own company e-mail: the link in it sets their password.
    email: Option<String>,
}

#[utoipa::path(post, path = "/api/systemusers/{id}/state/activate", tag = "users", params(("id" = ObjectId, Path)),
    request_body = Option<Activation>, responses((status = 200, body = UserOut), Changing))]
/// Activate a person
pub(crate) async fn activate(
    AxumState(site): AxumState<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    body: Option<Json<Option<Activation>>>,
) -> Result<Json<UserOut>, ApiError> {
    let directory = site.directory();
    let before = store::get(&mut directory.read(), who.org(), id).await?;
    let email = body.and_then(|Json(b)| b?.email).filter(|e| !e.is_empty());
    if email.is_some_and(|e| !e.trim().eq_ignore_ascii_case(&before.email)) {
        let message = "the activation mail goes to the person's company e-mail only: change that first";
        return Err(ApiError::field("email", message));
    }
    let user = directory.write(who.actor(), who.org(), SetState { id, state: State::Activated }).await?;
    let mut out = show(directory, &who.organization.settings, &user).await?;
    if before.state != State::Activated {
        out.activation_link = activation_link(&site, &user).await?;
    }
    Ok(Json(out))
}

#[utoipa::path(post, path = "/api/systemusers/{id}/state/suspend", tag = "users", params(("id" = ObjectId, Path)),
    responses((status = 200, body = UserOut), Changing))]
/// Suspend a person
pub(crate) async fn suspend(
    AxumState(site): AxumState<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<UserOut>, ApiError> {
    let directory = site.directory();
    let user = directory.write(who.actor(), who.org(), SetState { id, state: State::Suspended }).await?;
    Ok(Json(show(directory, &who.organization.settings, &user).await?))
}
