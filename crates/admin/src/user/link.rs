//! Sends a person the link to their first or a new password, or hands it to the administrator where no mail is sent.

use axum::extract::State;
use http::StatusCode;
use muster_base::Id;
use muster_directory::mail;
use muster_directory::user::store;
use muster_directory::user::token::SendLink;
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

/// What became of a link.
#[derive(Serialize, ToSchema)]
pub(crate) struct SentLink {
    /// Whether it was mailed.
    sent: bool,
    /// The link, once, where no mail is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

#[utoipa::path(post, path = "/api/v2/users/{id}/activation", tag = "users", params(("id" = ObjectId, Path)),
    responses((status = 200, body = SentLink), Changing))]
/// Send the activation again
pub(crate) async fn activation(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<SentLink>, ApiError> {
    let user = store::get(&mut site.directory().read(), who.org(), id).await?;
    if user.password_hash.is_some() {
        let message = "this person has a password already: send a password reset instead";
        return Err(ApiError::new(StatusCode::CONFLICT, "FAILED_PRECONDITION", message));
    }
    send(&site, &who, id).await
}

#[utoipa::path(post, path = "/api/v2/users/{id}/passwordreset", tag = "users", params(("id" = ObjectId, Path)),
    responses((status = 200, body = SentLink), Changing))]
/// Send a password reset
pub(crate) async fn reset(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<SentLink>, ApiError> {
    send(&site, &who, id).await
}

async fn send(site: &Site, who: &AdminOrg, id: Id) -> Result<Json<SentLink>, ApiError> {
    let directory = site.directory();
    directory.write(who.actor(), who.org(), SendLink { id, by_anyone: false }).await?;
    if site.config().mail {
        return Ok(Json(SentLink { sent: true, link: None }));
    }
    let message = mail::hand_over(directory, who.org(), id).await?;
    Ok(Json(SentLink { sent: false, link: message.map(|m| m.link) }))
}
