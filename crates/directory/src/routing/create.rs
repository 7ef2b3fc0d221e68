//! Makes a routing policy.

use serde_json::Value;

use super::{Input, Policy, model, store, update};
use crate::change::{Kind, Subject};
use crate::{Error, FieldError, Result, Verb, Write};

/// Makes a routing policy.
pub struct Create {
    /// Everything about it; name and provider are needed.
    pub input: Input,
}

impl Verb for Create {
    type Out = Policy;

    async fn run(&self, w: &mut Write<'_>) -> Result<Policy> {
        let present = store::all(w, w.org()).await?;
        let last = present.iter().map(|p| p.position).max().unwrap_or(0);
        let Some(idp) = self.input.idp else {
            return Err(Error::field("identityProviderId", "choose the identity provider"));
        };
        if present.len() >= model::POLICIES_MAX {
            return Err(Error::Invalid(vec![FieldError::new(
                "name",
                format!("at most {} policies", model::POLICIES_MAX),
            )]));
        }
        let policy = Policy {
            org: w.org(),
            id: w.env().id(),
            name: self.input.name.clone().unwrap_or_default().trim().to_owned(),
            description: self.input.description.clone().unwrap_or_default(),
            enabled: self.input.enabled.unwrap_or(true),
            position: self.input.position.unwrap_or(last + 1),
            idp,
            targets: self.input.targets.clone().unwrap_or_default(),
            created_at: w.now(),
        };
        update::check(w, &policy).await?;
        store::insert(w, &policy).await?;
        w.log(Kind::RoutingPolicyCreate, Subject::routing_policy(policy.id), Value::Object(policy.view()));
        Ok(policy)
    }
}
