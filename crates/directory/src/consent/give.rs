//! A person allows an application something.

use muster_base::Id;
use serde_json::json;

use super::{Allowed, Consent, store};
use crate::change::{Kind, Subject};
use crate::{Result, Verb, Write, application, user};

/// Allows this, beside what was allowed before.
pub struct Give {
    /// Who.
    pub user: Id,
    /// Whom.
    pub app: Id,
    /// What.
    pub allowed: Allowed,
}

impl Verb for Give {
    type Out = Consent;

    async fn run(&self, w: &mut Write<'_>) -> Result<Consent> {
        let (org, now) = (w.org(), w.now());
        let before = store::of(w, org, self.user, self.app).await?;
        let consent = match before {
            Some(before) if before.allowed.covers(&self.allowed) => return Ok(before),
            Some(before) => {
                let after = Consent { allowed: before.allowed.and(&self.allowed), updated_at: now, ..before };
                store::update(w, &after).await?;
                after
            }
            None => {
                user::store::get(w, org, self.user).await?;
                application::store::get(w, org, self.app).await?;
                let (id, allowed) = (w.env().id(), self.allowed.clone());
                let (created_at, updated_at) = (now, now);
                let new = Consent { org, id, user: self.user, app: self.app, allowed, created_at, updated_at };
                store::insert(w, &new).await?;
                new
            }
        };
        let fields = json!({"application": self.app, "allowed": consent.allowed});
        w.log(Kind::ConsentGive, Subject::user(self.user), fields);
        Ok(consent)
    }
}
