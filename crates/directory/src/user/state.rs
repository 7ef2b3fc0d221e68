//! Activates and suspends a person, and expires a password.

use muster_base::Id;
use serde_json::json;

use super::{State, User, store};
use crate::change::{Kind, Subject};
use crate::{Result, Verb, Write};

/// Puts a person into a state.
pub struct SetState {
    /// Who.
    pub id: Id,
    /// The new state.
    pub state: State,
}

impl Verb for SetState {
    type Out = User;

    async fn run(&self, w: &mut Write<'_>) -> Result<User> {
        set(w, self.id, self.state, true).await
    }
}

/// Puts a person into a state; without `mail` whoever is let in is not asked to choose a password.
pub(crate) async fn set(w: &mut Write<'_>, id: Id, state: State, mail: bool) -> Result<User> {
    let before = store::get(w, w.org(), id).await?;
    let after = User { state, ..before.clone() };
    if before.state != after.state {
        store::update(w, &before, &after).await?;
        log_transition(w, &before, &after, mail);
    }
    Ok(after)
}

/// Logs the change of state, from which its consequences are derived.
pub(crate) fn log_transition(w: &mut Write<'_>, before: &User, after: &User, mail: bool) {
    let mut fields = json!({"state": {"from": before.state, "to": after.state}});
    if !mail {
        fields["mail"] = json!(false);
    }
    match (before.state, after.state) {
        (from, to) if from == to => {}
        (_, State::Activated) => w.log(Kind::UserActivated, Subject::user(after.id), fields),
        // Staged again is kept out just as suspended.
        (_, State::Suspended | State::Staged) => w.log(Kind::UserSuspended, Subject::user(after.id), fields),
    }
}

/// Makes the password unusable for signing in until it is changed.
pub struct ExpirePassword {
    /// Whose.
    pub id: Id,
}

impl Verb for ExpirePassword {
    type Out = User;

    async fn run(&self, w: &mut Write<'_>) -> Result<User> {
        let before = store::get(w, w.org(), self.id).await?;
        super::set_password::allowed(&before.profile)?;
        let user = User { password_expired: true, ..before.clone() };
        store::update(w, &before, &user).await?;
        w.log(Kind::UserPasswordExpired, Subject::user(self.id), json!({}));
        Ok(user)
    }
}
