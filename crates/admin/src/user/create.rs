//! Makes a person.

use axum::extract::State as AxumState;
use muster_base::Id;
use muster_directory::user::create::{Create, username_problems};
use muster_directory::user::{State, User};
use muster_directory::{Directory, Error, FieldError, mail, password};
use muster_http::{AdminOrg, ApiError, Json, Site};
use utoipa::IntoParams;

use super::model::{UserOut, show};
use super::write::UserWrite;
use crate::failure::Changing;

/// How errors are told.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(super) struct Validation {
    /// `password`: every rule that the password breaks is told. It always is.
    #[param(rename = "fullValidationDetails", example = "password")]
    full_validation_details: Option<String>,
}

#[utoipa::path(post, path = "/api/systemusers", tag = "users", params(Validation), request_body = UserWrite,
    responses((status = 200, body = UserOut), Changing))]
/// Create a person
pub(crate) async fn create(
    AxumState(site): AxumState<Site>,
    who: AdminOrg,
    Json(body): Json<UserWrite>,
) -> Result<Json<UserOut>, ApiError> {
    let directory = site.directory();
    let verb = verb(directory, who.org(), body).await?;
    let user = directory.write(who.actor(), who.org(), verb).await?;
    let mut out = show(directory, &who.organization.settings, &user).await?;
    out.activation_link = activation_link(&site, &user).await?;
    Ok(Json(out))
}

/// The verb that a body asks for; a password is hashed here, since that takes long.
///
/// # Errors
/// 400 on what is wrong with the state or the password.
pub(super) async fn verb(directory: &Directory, org: Id, body: UserWrite) -> Result<Create, ApiError> {
    let state = body.state(None)?;
    let (username, email) = (body.username.clone().unwrap_or_default(), body.email.clone().unwrap_or_default());
    let password_hash = match body.password() {
        None => None,
        Some(password) => {
            let blank = User::not_here(org, directory.env().id(), &username, &email);
            let prepared = password::prepare(directory, &blank, &password).await;
            Some(prepared.map_err(|e| with_fields(e, &username, &email))?)
        }
    };
    Ok(Create { username, email, state, profile: body.profile(None), password_hash })
}

/// The other fields that are wrong stand beside the password's.
fn with_fields(error: Error, username: &str, email: &str) -> Error {
    let Error::Invalid(mut fields) = error else { return error };
    fields.extend(username_problems(username));
    if let Err(error) = email.parse::<muster_base::Email>() {
        fields.push(FieldError::new("email", error.to_string()));
    }
    Error::Invalid(fields)
}

/// The link of the activation mail, where no mail is sent: the administrator hands it on.
///
/// # Errors
/// The database's.
pub(super) async fn activation_link(site: &Site, user: &User) -> Result<Option<String>, ApiError> {
    let invited = user.state == State::Activated && user.password_hash.is_none();
    if site.config().mail || !invited {
        return Ok(None);
    }
    Ok(mail::hand_over(site.directory(), user.org, user.id).await?.map(|message| message.link))
}
