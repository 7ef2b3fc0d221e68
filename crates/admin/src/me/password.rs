//! A person changes their own password. The current one is asked for, and its tries are counted like sign-ins.

use axum::extract::State;
use http::StatusCode;
use muster_base::Secret;
use muster_directory::Error;
use muster_directory::password::prepare;
use muster_directory::user::lockout::{Attempt, Verdict};
use muster_directory::user::set_password::{Proof, SetPassword, allowed};
use muster_http::{ApiError, Json, Me, Site};
use serde::Deserialize;
use utoipa::ToSchema;

use super::profile::can_change_password;
use crate::failure::Changing;

/// The present password and the new one.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PasswordChange {
    current_password: String,
    new_password: String,
}

#[utoipa::path(post, path = "/api/v2/me/password", tag = "portal", request_body = PasswordChange,
    responses((status = 204, description = "Changed; the other sessions have ended"), Changing))]
/// Change one's own password
pub(crate) async fn change(
    State(site): State<Site>,
    me: Me,
    Json(body): Json<PasswordChange>,
) -> Result<StatusCode, ApiError> {
    let directory = site.directory();
    allowed(&me.user.profile)?;
    if !can_change_password(&site, &me.user).await? {
        let message = "you sign in with your organization's identity provider: change your password there";
        return Err(Error::Denied(message.into()).into());
    }
    site.rates().sign_in(&me.context.prefix()).map_err(ApiError::too_often)?;
    let attempt = Attempt {
        org: Some(me.organization.id),
        subject: me.user.id.text(),
        prefix: me.context.prefix(),
        now: directory.env().clock.now(),
    };
    let verdict = directory.work(attempt).await?;
    let current = Secret::new(body.current_password);
    let right = directory.hasher().verify(me.user.password_hash.clone(), &current).await.map_err(Error::from)?;
    if !right || verdict != Verdict::GoOn {
        return Err(ApiError::field("currentPassword", "is not your current password"));
    }
    let new = Secret::new(body.new_password);
    let hash = prepare(directory, &me.user, &new).await.map_err(|e| e.renamed("password", "newPassword"))?;
    let verb = SetPassword { id: me.user.id, hash, proof: Proof::Session(me.session.id) };
    directory.write(me.actor(), me.organization.id, verb).await?;
    Ok(StatusCode::NO_CONTENT)
}
