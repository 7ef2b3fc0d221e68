//! Sets a person's password. Every door ends here: the administrator's form, the link, the portal, the API.

use muster_base::Id;
use serde_json::json;

use super::{Authority, Profile, State, User, store, token};
use crate::change::{Kind, Subject};
use crate::routing::{self, Outcome};
use crate::{Error, Result, Source, Verb, Write};

/// Refuses where another system decides about the password.
///
/// # Errors
/// [`Error::Denied`], naming who decides.
pub fn allowed(profile: &Profile) -> Result<()> {
    match profile.authority() {
        Authority::Muster => Ok(()),
        other => Err(Error::Denied(format!(
            "this person's password is not managed here: their Password Authority is \"{}\"",
            other.label()
        ))),
    }
}

/// Refuses where the person does not sign in with a password here: another system decides about it, they are not active,
/// or a routing policy sends them elsewhere. An administrator may still set one for later ([`allowed`] alone).
///
/// # Errors
/// [`Error::Denied`], naming the reason, and the database's.
pub async fn may_choose(s: &mut impl Source, user: &User) -> Result<()> {
    allowed(&user.profile)?;
    if user.state != State::Activated {
        return Err(Error::Denied("activate this person first: only active people may set a password".into()));
    }
    match routing::decide::load(s, user).await?.outcome {
        Outcome::Password => Ok(()),
        Outcome::Provider(_) | Outcome::NoWayIn => Err(Error::Denied(
            "a routing policy sends this person to an identity provider: their password is changed there".into(),
        )),
    }
}

/// How the one who sets it shows that they may.
pub enum Proof {
    /// An administrator does it.
    Administrator,
    /// The person, in this session, after giving the current password.
    Session(Id),
    /// The person, by a link that was sent to them: the token's digest. It is used up.
    Link(muster_base::Digest),
}

/// Sets a password that [`crate::password::prepare`] has checked and hashed.
pub struct SetPassword {
    /// Whose.
    pub id: Id,
    /// Argon2id in PHC form.
    pub hash: String,
    /// The right to do it.
    pub proof: Proof,
}

impl Verb for SetPassword {
    type Out = User;

    async fn run(&self, w: &mut Write<'_>) -> Result<User> {
        let user = store::get(w, w.org(), self.id).await?;
        let mut keep = None;
        match &self.proof {
            Proof::Administrator => allowed(&user.profile)?,
            Proof::Session(session) => {
                may_choose(w, &user).await?;
                keep = Some(*session);
            }
            Proof::Link(digest) => {
                may_choose(w, &user).await?;
                let link = token::take(w, digest).await?;
                if link.is_none_or(|l| l.user != self.id) {
                    return Err(Error::Denied("this link is not valid any more: ask for a new one".into()));
                }
            }
        }
        store_new(w, user, &self.hash, keep).await
    }
}

/// Stores the new hash, keeps the old one for the history rule, and logs the change.
pub(crate) async fn store_new(w: &mut Write<'_>, before: User, hash: &str, keep: Option<Id>) -> Result<User> {
    allowed(&before.profile)?;
    store::keep_past_password(w, &before).await?;
    let user = User {
        password_hash: Some(hash.to_owned()),
        password_at: Some(w.now()),
        password_expired: false,
        ..before.clone()
    };
    store::update(w, &before, &user).await?;
    super::lockout::clear(w, &user.id.text()).await?;
    // Links that were sent before would undo what was just done.
    token::drop_all(w, user.id).await?;
    w.log(Kind::UserPasswordSet, Subject::user(user.id), json!({"session": keep.map(|s| s.text())}));
    Ok(user)
}
