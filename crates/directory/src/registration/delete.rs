//! Removes an initial access token. The clients that registered with it stay.

use muster_base::Id;
use serde_json::json;

use super::store;
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write};

/// Removes it.
pub struct Delete {
    /// Which.
    pub id: Id,
}

impl Verb for Delete {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        if store::delete(w, self.id).await? == 0 {
            return Err(Error::Missing("registration token"));
        }
        let org = w.org();
        w.log(Kind::RegistrationTokenDelete, Subject::organization(org), json!({"registrationToken": self.id}));
        Ok(())
    }
}
