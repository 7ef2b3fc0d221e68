//! Removes a service account: its secrets and tokens stop working at once.

use muster_base::Id;
use serde_json::json;

use super::store;
use crate::change::{Kind, Subject};
use crate::{Result, Verb, Write};

/// Removes it.
pub struct Delete {
    /// Which.
    pub id: Id,
}

impl Verb for Delete {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let account = store::get(w, w.org(), self.id).await?;
        store::delete(w, self.id).await?;
        w.log(Kind::ServiceAccountDelete, Subject::service_account(self.id), json!({"name": account.name}));
        Ok(())
    }
}
