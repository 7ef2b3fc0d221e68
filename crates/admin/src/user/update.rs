//! Changes a person: v1's PUT merges.

use axum::extract::State as AxumState;
use muster_base::Id;
use muster_directory::organization::Settings;
use muster_directory::user::lockout::Unlock;
use muster_directory::user::update::Update;
use muster_directory::user::{State, User, set_password, store};
use muster_directory::{Directory, Verb, Write, password};
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::create::activation_link;
use super::model::{UserOut, show};
use super::write::UserWrite;
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

#[utoipa::path(put, path = "/api/systemusers/{id}", tag = "users", params(("id" = ObjectId, Path)),
    request_body = UserWrite, responses((status = 200, body = UserOut), Changing))]
/// Update a person
pub(crate) async fn update(
    AxumState(site): AxumState<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(body): Json<UserWrite>,
) -> Result<Json<UserOut>, ApiError> {
    let (directory, settings) = (site.directory(), &who.organization.settings);
    let (verb, before) = verb(directory, (who.org(), settings), id, body).await?;
    let user = directory.write(who.actor(), who.org(), verb).await?;
    let mut out = show(directory, settings, &user).await?;
    if before.state != State::Activated {
        out.activation_link = activation_link(&site, &user).await?;
    }
    Ok(Json(out))
}

/// The verb that a body asks for, and the person before; a password is hashed here, since that takes long.
///
/// # Errors
/// 404 on an unknown person, 400 on what is wrong with the state or the password.
pub(super) async fn verb(
    directory: &Directory,
    (org, settings): (Id, &Settings),
    id: Id,
    body: UserWrite,
) -> Result<(Change, User), ApiError> {
    let before = store::get(&mut directory.read(), org, id).await?;
    let state = body.state(Some(before.state))?;
    if state == Some(State::Staged) && before.state != State::Staged {
        return Err(ApiError::field("state", "a person is staged only while being created: use SUSPENDED"));
    }
    let before_out = show(directory, settings, &before).await?;
    let shown = serde_json::to_value(&before_out).unwrap_or_default();
    let profile = body.profile(Some(&shown));
    let password_hash = match body.password() {
        None => None,
        Some(password) => {
            let after = before.profile.overlay(&profile).map_err(muster_directory::Error::Invalid)?;
            set_password::allowed(&after)?;
            Some(password::prepare(directory, &before, &password).await?)
        }
    };
    let unlock = body.account_locked == Some(false) && before_out.account_locked;
    let update = Update { id, username: body.username, email: body.email, state, profile, password_hash };
    Ok((Change { update, unlock }, before))
}

/// A change, and whether it lets somebody try again.
pub(super) struct Change {
    update: Update,
    unlock: bool,
}

impl Verb for Change {
    type Out = User;

    async fn run(&self, w: &mut Write<'_>) -> muster_directory::Result<Self::Out> {
        let user = self.update.run(w).await?;
        if self.unlock {
            Unlock { id: user.id }.run(w).await?;
        }
        Ok(user)
    }
}
