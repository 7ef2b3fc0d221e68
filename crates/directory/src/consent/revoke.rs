//! A consent is taken back: by the person, or by an administrator for them. Everything that was granted on it ends, since
//! each use of a grant looks for it (as for the person, the session and the access).

use muster_base::Id;
use serde_json::json;

use super::store;
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write};

/// Takes a consent of this person back.
pub struct Revoke {
    /// Whose.
    pub user: Id,
    /// Which.
    pub id: Id,
}

impl Verb for Revoke {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let org = w.org();
        let all = store::of_user(w, org, self.user).await?;
        let consent = all.into_iter().find(|c| c.id == self.id).ok_or(Error::Missing("consent"))?;
        if !store::delete(w, self.user, self.id).await? {
            return Err(Error::Missing("consent"));
        }
        w.log(Kind::ConsentRevoke, Subject::user(self.user), json!({"application": consent.app}));
        Ok(())
    }
}
