//! Removes a routing policy.

use muster_base::Id;
use serde_json::json;

use super::{Policy, store};
use crate::change::{Kind, Subject};
use crate::{Result, Verb, Write};

/// Removes a routing policy.
pub struct Delete {
    /// Which.
    pub id: Id,
}

impl Verb for Delete {
    type Out = Policy;

    async fn run(&self, w: &mut Write<'_>) -> Result<Policy> {
        let policy = store::get(w, w.org(), self.id).await?;
        store::delete(w, self.id).await?;
        w.log(Kind::RoutingPolicyDelete, Subject::routing_policy(self.id), json!({"name": policy.name}));
        Ok(policy)
    }
}
