//! Where a person signs in: the truth table of the pure function, and that what is loaded for it is right.

use std::collections::BTreeSet;

use muster_base::{Env, Id, Micros};
use muster_directory::identity_provider::{Doc, IdentityProvider, Jit, Kind, Match};
use muster_directory::routing::decide::{decide, load};
use muster_directory::routing::{Outcome, Policy, Target};
use muster_directory::user::{Profile, State, User};
use serde_json::{Value, json};

struct World {
    env: Env,
    org: Id,
    group: Id,
}

impl World {
    fn new() -> Self {
        let env = Env::system();
        Self { org: env.id(), group: env.id(), env }
    }

    fn user(&self, authority: Option<&str>) -> User {
        let restricted = authority.map_or(json!([]), |kind| json!([{"field": "password", "type": kind}]));
        let Value::Object(patch) = json!({"restrictedFields": restricted}) else { unreachable!() };
        User {
            org: self.org,
            id: self.env.id(),
            username: "ana".into(),
            email: "ana@example.test".into(),
            state: State::Activated,
            profile: Profile::default().overlay(&patch).unwrap(),
            password_hash: None,
            password_at: None,
            password_expired: false,
            created_at: Micros(0),
            tokens_from: Micros(0),
        }
    }

    fn provider(&self, enabled: bool) -> IdentityProvider {
        IdentityProvider {
            org: self.org,
            id: self.env.id(),
            name: "Corp".into(),
            doc: Doc {
                kind: Kind::Oidc,
                url: "https://idp.example.test".into(),
                client_id: "c".into(),
                saml: None,
                matching: Match::default(),
                jit: Jit::default(),
                iss_parameter: true,
                options: muster_directory::identity_provider::Options::default(),
            },
            enabled,
            has_secret: true,
            created_at: Micros(0),
        }
    }

    fn policy(&self, idp: Id, enabled: bool, targets: &[Target]) -> Policy {
        Policy {
            org: self.org,
            id: self.env.id(),
            name: "P".into(),
            description: String::new(),
            enabled,
            position: 1,
            idp,
            targets: targets.to_vec(),
            created_at: Micros(0),
        }
    }
}

/// State matrix {provider, policy, target} x {on, off, gone}: only the all-right cell leads to the provider.
#[test]
fn only_an_enabled_policy_with_an_enabled_provider_and_a_target_leads_on() {
    let w = World::new();
    let user = w.user(None);
    let in_group = BTreeSet::from([w.group]);
    for policy_on in [true, false] {
        for provider_on in [true, false] {
            for exists in [true, false] {
                let targets =
                    [vec![Target::Group(w.group)], vec![Target::User(user.id)], vec![Target::User(w.env.id())], vec![]];
                for targets in targets {
                    for groups in [&in_group, &BTreeSet::new()] {
                        let provider = w.provider(provider_on);
                        let policy = w.policy(provider.id, policy_on, &targets);
                        let id = provider.id;
                        let providers = if exists { vec![provider] } else { Vec::new() };
                        let decision = decide(&user, groups, std::slice::from_ref(&policy), &providers);
                        let meant = match targets.first() {
                            Some(Target::Group(_)) => !groups.is_empty(),
                            Some(Target::User(target)) => *target == user.id,
                            None => false,
                        };
                        let should = if policy_on && provider_on && exists && meant {
                            Outcome::Provider(id)
                        } else {
                            Outcome::Password
                        };
                        assert_eq!(decision.outcome, should, "{policy_on} {provider_on} {exists} {targets:?}");
                        assert_eq!(decision.policy, decision.provider().map(|_| policy.id));
                        assert!(!decision.trace.is_empty() && decision.trace.iter().all(|s| s.setting.is_some()));
                        assert!(decision.trace.last().unwrap().passed);
                    }
                }
            }
        }
    }
}

#[test]
fn the_first_policy_that_matches_wins() {
    let w = World::new();
    let user = w.user(None);
    let (off, one, two) = (w.provider(false), w.provider(true), w.provider(true));
    let target = [Target::User(user.id)];
    let policies = [w.policy(off.id, true, &target), w.policy(one.id, true, &target), w.policy(two.id, true, &target)];
    let decision = decide(&user, &BTreeSet::new(), &policies, &[two.clone(), one.clone(), off]);
    assert_eq!((decision.outcome, decision.policy), (Outcome::Provider(one.id), Some(policies[1].id)));
    assert_eq!(decision.trace.iter().map(|s| s.passed).collect::<Vec<_>>(), [false, true]);
    assert!(decision.trace[0].saw.contains("is off"));
}

#[test]
fn who_has_no_password_here_and_no_policy_has_no_way_in() {
    let w = World::new();
    for authority in ["federated_identity_provider", "scim", "active_directory"] {
        let user = w.user(Some(authority));
        let decision = decide(&user, &BTreeSet::new(), &[], &[]);
        assert_eq!(decision.outcome, Outcome::NoWayIn);
        assert!(!decision.trace.last().unwrap().passed);
        let provider = w.provider(true);
        let policy = w.policy(provider.id, true, &[Target::User(user.id)]);
        let decision = decide(&user, &BTreeSet::new(), &[policy], std::slice::from_ref(&provider));
        assert_eq!(decision.outcome, Outcome::Provider(provider.id));
    }
    assert_eq!(decide(&w.user(None), &BTreeSet::new(), &[], &[]).outcome, Outcome::Password);
}

both! {
    async fn loads_policies_in_their_order_and_the_persons_groups(t) {
        let one = t.provider(t.acme, "One").await.id;
        let two = t.provider(t.acme, "Two").await.id;
        let ana = t.user(t.acme, "ana").await;
        assert_eq!(load(&mut t.d.read(), &ana).await.unwrap().outcome, Outcome::Password);
        let group = t.static_group(t.acme, "Federated").await.id;
        let first = t.policy(t.acme, "By group", one, &[Target::Group(group)]).await;
        let second = t.policy(t.acme, "By name", two, &[Target::User(ana.id)]).await;
        assert!(first.position < second.position, "a new policy comes last");
        let outcome = async || load(&mut t.d.read(), &ana).await.unwrap().outcome;
        assert_eq!(outcome().await, Outcome::Provider(two));
        t.write(t.acme, muster_directory::group::members::Change::of_user(group, ana.id, true)).await.unwrap();
        assert_eq!(outcome().await, Outcome::Provider(one));
        let input = muster_directory::routing::Input { position: Some(second.position + 1), ..Default::default() };
        t.write(t.acme, muster_directory::routing::update::Update { id: first.id, input }).await.unwrap();
        assert_eq!(outcome().await, Outcome::Provider(two));
    }
}
