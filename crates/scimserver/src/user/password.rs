//! A password that a directory pushes: checked by the organization's rules and hashed, before anything is written. Where its
//! passwords are not taken it is passed over.

use muster_base::Secret;
use muster_directory::fed_user::Feed;
use muster_directory::password::prepare;
use muster_directory::user::User;
use muster_scim::{Error, Resource};
use serde_json::Value;

use crate::answer::from_directory;
use crate::schema::member;
use crate::service::Service;

/// The password that a resource says.
pub(super) fn said(resource: &Resource) -> Option<&str> {
    member(&resource.0, "password").and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// The hash of a new password; none where none is said, or it is the person's already (`before`): those that push tell it with
/// every change.
///
/// # Errors
/// `invalidValue`, naming every rule that it breaks and nothing of it; 503 while all hashers are busy.
pub(super) async fn hash(
    s: &Service,
    resource: &Resource,
    before: Option<&User>,
    feed: &Feed,
) -> Result<Option<Secret>, Error> {
    let Some(said) = said(resource).filter(|_| s.takes_passwords()) else { return Ok(None) };
    let password = Secret::new(said.to_owned());
    let directory = s.directory();
    let known = before.and_then(|user| user.password_hash.clone());
    if known.is_some() {
        let same = directory.hasher().verify(known, &password).await;
        if same.map_err(|e| from_directory(e.into()))? {
            return Ok(None);
        }
    }
    // The rules are about who they will be.
    let mut user = before.cloned().unwrap_or_else(|| User::not_here(s.org(), directory.env().id(), "", ""));
    user.username.clone_from(&feed.username);
    user.email = feed.email.clone().unwrap_or_default();
    prepare(directory, &user, &password).await.map(|hash| Some(Secret::new(hash))).map_err(from_directory)
}
