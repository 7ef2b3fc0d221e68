//! Changes an administrator: name, suspension, password.

use muster_base::{Id, Micros, Secret};
use muster_db::{Tx, Work};
use serde_json::json;

use super::{Administrator, create, guard, store};
use crate::actor::ActorKind;
use crate::change::{Kind, Subject};
use crate::{Directory, Error, FieldError, Result, Verb, Write};

/// Changes an administrator who was given the organization that asks.
pub struct Update {
    /// Who.
    pub id: Id,
    /// A new first name.
    pub firstname: Option<String>,
    /// A new last name.
    pub lastname: Option<String>,
    /// Kept out, or let in again.
    pub suspended: Option<bool>,
}

impl Verb for Update {
    type Out = Administrator;

    async fn run(&self, w: &mut Write<'_>) -> Result<Administrator> {
        let mut admin = store::get(w, self.id).await?;
        self.check_reach(w).await?;
        guard::by_hand(&admin)?;
        if w.actor().id == Some(self.id) && self.suspended == Some(true) {
            return Err(Error::Denied("you cannot suspend yourself".into()));
        }
        let mut problems = Vec::new();
        for (field, text) in [("firstname", &self.firstname), ("lastname", &self.lastname)] {
            if text.as_deref().is_some_and(|t| t.chars().count() > muster_base::limits::NAME_MAX || t.contains('\0')) {
                problems.push(FieldError::new(field, "at most 255 characters"));
            }
        }
        Error::unless_empty(problems)?;
        admin.firstname = self.firstname.clone().unwrap_or(admin.firstname);
        admin.lastname = self.lastname.clone().unwrap_or(admin.lastname);
        if let Some(suspended) = self.suspended {
            if suspended && w.actor().kind == ActorKind::Admin {
                for org in store::organizations(w, self.id).await? {
                    guard::another_remains(w, org, &admin).await?;
                }
            }
            admin.suspended = suspended;
            if suspended {
                crate::session::end::admin_sessions(w, self.id).await?;
            }
        }
        store::update(w.transaction(), &admin).await?;
        let fields = json!({"firstname": admin.firstname, "lastname": admin.lastname, "suspended": admin.suspended});
        w.log(Kind::AdminUpdate, Subject::administrator(self.id), fields);
        Ok(admin)
    }
}

impl Update {
    /// Of another organization's administrators nothing is told. One who reaches organizations which the one who acts
    /// does not is theirs too, and is not shut out from here.
    async fn check_reach(&self, w: &mut Write<'_>) -> Result<()> {
        let Some(actor) = w.actor().id.filter(|_| w.actor().kind == ActorKind::Admin) else { return Ok(()) };
        if actor == self.id {
            return Ok(());
        }
        if !store::is_granted(w, w.org(), self.id).await? {
            return Err(Error::Missing("administrator"));
        }
        let reached = store::organizations(w, actor).await?;
        let theirs = store::organizations(w, self.id).await?;
        if theirs.iter().any(|org| !reached.contains(org)) {
            let text = "this administrator reaches organizations that you do not: someone who reaches all of them can";
            return Err(Error::Denied(text.into()));
        }
        Ok(())
    }
}

/// Sets an administrator's password by the link they were sent.
///
/// # Errors
/// [`Error::Invalid`] on `password`; [`Error::Denied`] when the link is not valid (any more).
pub async fn set_password_by_link(directory: &Directory, token: &Secret, password: &Secret) -> Result<Administrator> {
    let now = directory.env().clock.now();
    let id = store::by_token(&mut directory.read(), token, now).await?;
    let id = id.ok_or_else(|| Error::Denied("this link is not valid any more: ask for a new one".into()))?;
    let admin = store::get(&mut directory.read(), id).await?;
    Error::unless_empty(create::password_problems(password, &admin.email))?;
    let hash = directory.hasher().hash(password, &directory.env().rng).await?;
    directory.work(SetByLink { token: token.clone(), hash, now }).await
}

struct SetByLink {
    token: Secret,
    hash: String,
    now: Micros,
}

impl Work for SetByLink {
    type Out = Administrator;
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<Administrator> {
        // Taken inside the transaction: of two uses at once, one wins.
        let id = store::take_token(tx, &self.token, self.now).await?;
        let id = id.ok_or_else(|| Error::Denied("this link is not valid any more: ask for a new one".into()))?;
        let mut admin = store::get(tx, id).await?;
        admin.password_hash = Some(self.hash.clone());
        store::update(tx, &admin).await?;
        store::drop_tokens(tx, id).await?;
        Ok(admin)
    }
}
