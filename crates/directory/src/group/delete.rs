//! Removes a group. Its bindings and assignments go with it ([`crate::derive`]); rules that speak of it hold their members.

use muster_base::Id;
use serde_json::json;

use super::{Group, GroupKind, store};
use crate::change::Kind;
use crate::{Result, Verb, Write, fed_group};

/// Removes a group.
pub struct Delete {
    /// What it holds.
    pub kind: GroupKind,
    /// Which.
    pub id: Id,
}

impl Delete {
    /// Of a group of people.
    #[must_use]
    pub const fn of_users(id: Id) -> Self {
        Self { kind: GroupKind::User, id }
    }
}

impl Verb for Delete {
    type Out = Group;

    async fn run(&self, w: &mut Write<'_>) -> Result<Group> {
        let group = store::of_kind(w, w.org(), self.kind, self.id).await?;
        fed_group::guard::check(w, self.id).await?;
        let nested = store::nested(w, w.org()).await?;
        let held_by: Vec<Id> =
            nested.into_iter().filter(|(_, held)| held.contains(&self.id)).map(|(id, _)| id).collect();
        fed_group::store::without_group(w, self.id).await?;
        store::delete(w, self.id).await?;
        store::rules_changed(w).await?;
        w.log(Kind::GroupDelete, group.subject(), json!({"name": group.name, "heldBy": held_by}));
        Ok(group)
    }
}
