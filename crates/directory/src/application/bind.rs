//! Binds groups and people to an application: who may use it.

use muster_base::Id;
use serde_json::json;

use super::store;
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write, group, user};

/// Adds or removes one binding.
pub struct Bind {
    /// The application.
    pub app: Id,
    /// `user_group` or `user`.
    pub kind: &'static str,
    /// The group or person.
    pub subject: Id,
    /// Bind, or unbind.
    pub add: bool,
}

impl Verb for Bind {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        store::get(w, w.org(), self.app).await?;
        if self.kind == "user" {
            user::store::get(w, w.org(), self.subject).await?;
        } else {
            group::store::get(w, w.org(), self.subject).await?;
        }
        let changed = if self.add {
            store::bind(w, self.app, self.kind, self.subject).await?
        } else {
            store::unbind(w, self.app, self.kind, self.subject).await?
        };
        match (self.add, changed) {
            (true, 0) => return Err(Error::Conflict("Already Exists".into())),
            (false, 0) => return Err(Error::Missing("association")),
            _ => {}
        }
        let op = if self.add { "add" } else { "remove" };
        let fields = json!({"op": op, "type": self.kind, "id": self.subject});
        w.log(Kind::AssociationChange, Subject::application(self.app), fields);
        Ok(())
    }
}
