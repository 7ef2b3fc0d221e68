//! Gives an administrator an organization, and takes it back.

use muster_base::Id;
use serde_json::json;

use super::{Role, guard, store};
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write};

/// Gives an administrator this organization.
pub struct Grant {
    /// Who.
    pub admin: Id,
    /// What they may do; who has the organization already keeps what they had.
    pub role: Role,
}

impl Grant {
    /// All of it.
    #[must_use]
    pub const fn to(admin: Id) -> Self {
        Self { admin, role: Role::Administrator }
    }
}

impl Verb for Grant {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let admin = store::get(w, self.admin).await?;
        guard::by_hand(&admin)?;
        if store::grant(w, self.admin, self.role).await? > 0 {
            let fields = json!({"email": admin.email, "role": self.role});
            w.log(Kind::AdminGrant, Subject::administrator(self.admin), fields);
        }
        Ok(())
    }
}

/// Takes this organization from an administrator; one who has nothing left is removed. The last one stays.
pub struct Revoke {
    /// Who.
    pub admin: Id,
}

impl Verb for Revoke {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let admin = store::get(w, self.admin).await?;
        if !store::is_granted(w, w.org(), self.admin).await? {
            return Err(Error::Missing("administrator"));
        }
        guard::by_hand(&admin)?;
        guard::another_remains(w, w.org(), &admin).await?;
        store::revoke(w, self.admin).await?;
        crate::session::end::admin_sessions(w, self.admin).await?;
        store::delete_if_unbound(w, &admin).await?;
        w.log(Kind::AdminRevoke, Subject::administrator(self.admin), json!({"email": admin.email}));
        Ok(())
    }
}
