//! Where a person signs in. A pure function of what was loaded, with its trace; enforced where a password is redeemed,
//! reset or set, not only at the first page.

use std::collections::BTreeSet;

use muster_base::Id;

use super::{Policy, Target, store};
use crate::identity_provider::{self, IdentityProvider};
use crate::trace::{Step, Trace};
use crate::user::{Authority, User};
use crate::{Result, Source, group};

/// Where to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Muster's own password.
    Password,
    /// This identity provider.
    Provider(Id),
    /// Nowhere: the authority is elsewhere and no policy leads there.
    NoWayIn,
}

/// Where to, by which policy, and why.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Where to.
    pub outcome: Outcome,
    /// The policy that matched.
    pub policy: Option<Id>,
    /// The steps.
    pub trace: Trace,
}

impl Decision {
    /// The provider that the person is sent to.
    #[must_use]
    pub fn provider(&self) -> Option<Id> {
        match self.outcome {
            Outcome::Provider(id) => Some(id),
            Outcome::Password | Outcome::NoWayIn => None,
        }
    }
}

/// Decides. `policies` in the order in which they are asked; `groups` are the person's.
#[must_use]
pub fn decide(user: &User, groups: &BTreeSet<Id>, policies: &[Policy], providers: &[IdentityProvider]) -> Decision {
    let mut trace = Trace::new();
    for policy in policies {
        let provider = providers.iter().find(|p| p.id == policy.idp);
        let step = format!("The routing policy \"{}\" applies", policy.name);
        let page = format!("identity-providers/{}", policy.idp);
        let (saw, passed) = match provider {
            _ if !policy.enabled => ("the policy is off".to_owned(), false),
            None => ("its identity provider does not exist".to_owned(), false),
            Some(p) if !p.enabled => (format!("the identity provider \"{}\" is off", p.name), false),
            Some(p) => match matched(user, groups, policy) {
                Some(Target::User(_)) => (format!("the person is assigned; sign-in with \"{}\"", p.name), true),
                Some(Target::Group(id)) => {
                    (format!("a group of the person is assigned ({id}); sign-in with \"{}\"", p.name), true)
                }
                None => ("neither the person nor a group of theirs is assigned".to_owned(), false),
            },
        };
        trace.push(Step::new(step, saw, passed).with("the routing policy", page));
        if passed {
            return Decision { outcome: Outcome::Provider(policy.idp), policy: Some(policy.id), trace };
        }
    }
    let own = user.authority() == Authority::Muster;
    let saw = if own {
        "no policy applies: Muster's own password"
    } else {
        "no policy applies, and the password is not managed here"
    };
    trace.push(
        Step::new(format!("The Password Authority is \"{}\"", user.authority().label()), saw, own)
            .with("the person's Password Authority", format!("users/{}", user.id)),
    );
    Decision { outcome: if own { Outcome::Password } else { Outcome::NoWayIn }, policy: None, trace }
}

fn matched(user: &User, groups: &BTreeSet<Id>, policy: &Policy) -> Option<Target> {
    policy.targets.iter().copied().find(|target| match target {
        Target::User(id) => *id == user.id,
        Target::Group(id) => groups.contains(id),
    })
}

/// Loads what [`decide`] looks at and decides.
///
/// # Errors
/// The database's.
pub async fn load(s: &mut impl Source, user: &User) -> Result<Decision> {
    let policies = store::all(s, user.org).await?;
    if policies.is_empty() {
        return Ok(decide(user, &BTreeSet::new(), &[], &[]));
    }
    let groups = group::store::memberships_of(s, user.org, user.id).await?.into_keys().collect();
    let providers = identity_provider::store::all(s, user.org).await?;
    Ok(decide(user, &groups, &policies, &providers))
}
