//! Changes what an administrator may do in the organization.

use muster_base::Id;
use serde_json::json;

use super::{Role, guard, store};
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write};

/// Gives another role.
pub struct SetRole {
    /// Who.
    pub id: Id,
    /// What they may do from now on.
    pub role: Role,
}

impl Verb for SetRole {
    type Out = Role;

    async fn run(&self, w: &mut Write<'_>) -> Result<Role> {
        let admin = store::get(w, self.id).await?;
        if !store::is_granted(w, w.org(), self.id).await? {
            return Err(Error::Missing("administrator"));
        }
        let before = store::role(w, w.org(), self.id).await?.unwrap_or(Role::ReadOnly);
        if before == self.role {
            return Ok(before);
        }
        if w.actor().id == Some(self.id) {
            return Err(Error::Denied("nobody changes their own role: another administrator can".into()));
        }
        guard::by_hand(&admin)?;
        if self.role != Role::Administrator {
            guard::another_remains(w, w.org(), &admin).await?;
        }
        store::set_role(w, self.id, self.role).await?;
        let fields = json!({"email": admin.email, "role": {"from": before, "to": self.role}});
        w.log(Kind::AdminUpdate, Subject::administrator(self.id), fields);
        Ok(self.role)
    }
}
