//! Gives an administrator an organization, and takes it back.

use muster_base::Id;
use serde_json::json;

use super::store;
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write};

/// Gives an administrator this organization.
pub struct Grant {
    /// Who.
    pub admin: Id,
}

impl Verb for Grant {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let admin = store::get(w, self.admin).await?;
        if store::grant(w, self.admin).await? > 0 {
            w.log(Kind::AdminGrant, Subject::administrator(self.admin), json!({"email": admin.email}));
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
        if store::revoke(w, self.admin).await? == 0 {
            return Err(Error::Missing("administrator"));
        }
        if store::others_active(w, self.admin).await? == 0 && !admin.suspended {
            return Err(Error::Conflict("this is the organization's last administrator: add another one first".into()));
        }
        crate::session::end::admin_sessions(w, self.admin).await?;
        store::delete_if_unbound(w, &admin).await?;
        w.log(Kind::AdminRevoke, Subject::administrator(self.admin), json!({"email": admin.email}));
        Ok(())
    }
}
