//! Removes a group. Its bindings and assignments go with it ([`crate::derive`]).

use muster_base::Id;
use serde_json::json;

use super::{Group, store};
use crate::change::{Kind, Subject};
use crate::{Result, Verb, Write};

/// Removes a group.
pub struct Delete {
    /// Which.
    pub id: Id,
}

impl Verb for Delete {
    type Out = Group;

    async fn run(&self, w: &mut Write<'_>) -> Result<Group> {
        let group = store::get(w, w.org(), self.id).await?;
        store::delete(w, self.id).await?;
        w.log(Kind::GroupDelete, Subject::group(self.id), json!({"name": group.name}));
        Ok(group)
    }
}
