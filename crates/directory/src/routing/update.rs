//! Changes a routing policy.

use muster_base::Id;
use serde_json::{Map, Value, json};

use super::{Input, Policy, Target, store};
use crate::change::{Kind, Subject};
use crate::{Error, FieldError, Result, Verb, Write, group, identity_provider, user};

/// Changes a routing policy.
pub struct Update {
    /// Which.
    pub id: Id,
    /// What changes.
    pub input: Input,
}

impl Verb for Update {
    type Out = Policy;

    async fn run(&self, w: &mut Write<'_>) -> Result<Policy> {
        let before = store::get(w, w.org(), self.id).await?;
        let mut policy = before.clone();
        if let Some(name) = &self.input.name {
            name.trim().clone_into(&mut policy.name);
        }
        if let Some(description) = &self.input.description {
            policy.description.clone_from(description);
        }
        policy.enabled = self.input.enabled.unwrap_or(policy.enabled);
        policy.position = self.input.position.unwrap_or(policy.position);
        policy.idp = self.input.idp.unwrap_or(policy.idp);
        if let Some(targets) = &self.input.targets {
            policy.targets.clone_from(targets);
        }
        check(w, &policy).await?;
        let fields = differences(&before, &policy);
        if !fields.is_empty() {
            store::update(w, &policy).await?;
            w.log(Kind::RoutingPolicyUpdate, Subject::routing_policy(policy.id), Value::Object(fields));
        }
        Ok(policy)
    }
}

/// `{field: {from, to}}` of everything that differs.
fn differences(before: &Policy, after: &Policy) -> Map<String, Value> {
    let (from, to) = (before.view(), after.view());
    let differing = to.into_iter().filter(|(name, value)| from.get(name) != Some(value));
    differing.map(|(name, value)| (name.clone(), json!({"from": from.get(&name), "to": value}))).collect()
}

/// The values are right, and the provider, groups and people are this organization's.
pub(crate) async fn check(w: &mut Write<'_>, policy: &Policy) -> Result<()> {
    let mut problems = policy.problems();
    if !found(identity_provider::store::get(w, w.org(), policy.idp).await)? {
        problems.push(FieldError::new("identityProviderId", "no identity provider has this id"));
    }
    for target in &policy.targets {
        let (field, exists) = match target {
            Target::Group(id) => ("userGroups", found(group::store::get(w, w.org(), *id).await)?),
            Target::User(id) => ("users", user::store::by_id(w, w.org(), *id).await?.is_some()),
        };
        if !exists {
            problems.push(FieldError::new(field, format!("nothing has the id {}", target.parts().1)));
        }
    }
    Error::unless_empty(problems)
}

/// Whether it is there; what else went wrong stays an error.
fn found<T>(result: Result<T>) -> Result<bool> {
    match result {
        Ok(_) => Ok(true),
        Err(Error::Missing(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Adds or removes one target (JumpCloud's associations).
pub struct Assign {
    /// Which policy.
    pub id: Id,
    /// Whom.
    pub target: Target,
    /// Assign, or take away.
    pub add: bool,
}

impl Verb for Assign {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let mut policy = store::get(w, w.org(), self.id).await?;
        let present = policy.targets.contains(&self.target);
        match (self.add, present) {
            (true, true) => return Err(Error::Conflict("Already Exists".into())),
            (false, false) => return Err(Error::Missing("association")),
            (true, false) => policy.targets.push(self.target),
            (false, true) => policy.targets.retain(|t| *t != self.target),
        }
        check(w, &policy).await?;
        store::update(w, &policy).await?;
        let (kind, id) = self.target.parts();
        let fields = json!({"op": if self.add { "add" } else { "remove" }, "type": kind, "id": id});
        w.log(Kind::AssociationChange, Subject::routing_policy(self.id), fields);
        Ok(())
    }
}
