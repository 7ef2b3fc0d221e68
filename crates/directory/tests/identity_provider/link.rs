//! Who is let in by an identity provider; the tests are named after the classes of what broke elsewhere.

use muster_base::Id;
use muster_directory::identity_provider::link::{
    CreateFromIdentity, EmailVerified, Identity, Resolution, Resolve, Unlink,
};
use muster_directory::identity_provider::{Doc, IdentityProvider, Jit, Match, store, update};
use muster_directory::routing::{self, Target};
use muster_directory::user::{Authority, State, User};
use muster_directory::{Result, listing, user};
use serde_json::{Map, json};

use super::{creation, doc};
use crate::harness::{Test, attributes, denied, is_missing};

/// An identity of a provider of one organization that vouches for the e-mail.
pub fn identity(subject: &str, email: &str) -> Identity {
    Identity {
        issuer: "https://idp.example.test".into(),
        subject: subject.into(),
        match_value: Some(email.into()),
        email: Some(email.into()),
        email_verified: EmailVerified::True,
        issuer_is_one_organizations: true,
        linked_name: Some(email.into()),
        profile: Map::new(),
    }
}

pub async fn resolve(t: &Test, idp: Id, identity: Identity) -> Resolution {
    t.write(t.acme, Resolve { idp, identity }).await.unwrap()
}

async fn lets_in(t: &Test, idp: Id, identity: Identity) -> Option<Id> {
    let resolution = resolve(t, idp, identity).await;
    let passed = resolution.trace.iter().all(|s| s.passed || s.step.starts_with("The routing policy"));
    assert_eq!(resolution.user.is_some(), resolution.refusal.is_none());
    assert_eq!(resolution.user.is_some(), passed, "the trace tells why: {:?}", resolution.trace);
    resolution.user.map(|u| u.id)
}

/// A person, and a provider to which a policy sends them.
async fn routed(t: &Test) -> (IdentityProvider, User) {
    let idp = t.provider(t.acme, "Corp").await;
    let ana = t.user(t.acme, "ana").await;
    t.policy(t.acme, "P", idp.id, &[Target::User(ana.id)]).await;
    (idp, ana)
}

async fn links(t: &Test, idp: Id, user: Id) -> Option<String> {
    store::link_of(&mut t.d.read(), t.acme.id, idp, user).await.unwrap().map(|l| l.subject)
}

async fn set(t: &Test, idp: &IdentityProvider, doc: Doc, enabled: bool) {
    let name = idp.name.clone();
    let update = update::Update { id: idp.id, name, doc, client_secret: None, enabled, http_allowed: false };
    t.write(t.acme, update).await.unwrap();
}

fn jit(domains: &[&str]) -> Doc {
    Doc { jit: Jit { enabled: true, domains: domains.iter().map(|d| (*d).to_owned()).collect() }, ..doc() }
}

async fn create(t: &Test, idp: Id, identity: Identity) -> Result<User> {
    t.write(t.acme, CreateFromIdentity { idp, identity }).await
}

both! {
    async fn the_first_sign_in_links_and_the_next_finds_the_link(t) {
        let (idp, ana) = routed(t).await;
        assert_eq!(lets_in(t, idp.id, identity("s1", "ANA@example.test")).await, Some(ana.id));
        assert_eq!(links(t, idp.id, ana.id).await.as_deref(), Some("s1"));
        // From now on the subject alone counts.
        let silent = Identity { match_value: None, email: None, email_verified: EmailVerified::Absent, ..identity("s1", "") };
        assert_eq!(lets_in(t, idp.id, silent).await, Some(ana.id));
        t.write(t.acme, Unlink { idp: idp.id, user: ana.id }).await.unwrap();
        assert_eq!(links(t, idp.id, ana.id).await, None);
        assert!(is_missing(t.write(t.acme, Unlink { idp: idp.id, user: ana.id }).await));
    }

    /// Unverified e-mail linking (nOAuth).
    async fn noauth_an_e_mail_that_nobody_vouches_for_links_nothing(t) {
        let (idp, ana) = routed(t).await;
        for (verified, one_organizations, links_it) in [
            (EmailVerified::False, true, false),
            (EmailVerified::False, false, false),
            (EmailVerified::Absent, false, false),
            (EmailVerified::Absent, true, true),
            (EmailVerified::True, false, true),
        ] {
            let id = Identity {
                email_verified: verified,
                issuer_is_one_organizations: one_organizations,
                ..identity("s1", "ana@example.test")
            };
            assert_eq!(lets_in(t, idp.id, id).await.is_some(), links_it, "{verified:?} {one_organizations}");
            if links_it {
                t.write(t.acme, Unlink { idp: idp.id, user: ana.id }).await.unwrap();
            }
        }
    }

    async fn a_link_is_made_only_where_a_policy_sends_the_person_to_this_very_provider(t) {
        let (idp, ana) = routed(t).await;
        let other = t.provider(t.acme, "Other").await;
        let bo = t.user(t.acme, "bo").await;
        assert_eq!(lets_in(t, other.id, identity("s1", "ana@example.test")).await, None);
        assert_eq!(lets_in(t, idp.id, identity("s2", "bo@example.test")).await, None);
        assert_eq!((links(t, other.id, ana.id).await, links(t, idp.id, bo.id).await), (None, None));
        assert_eq!(lets_in(t, idp.id, identity("s1", "ana@example.test")).await, Some(ana.id));
    }

    /// The routing is asked at every sign-in, not only at the first.
    async fn a_link_alone_does_not_let_in(t) {
        let (idp, ana) = routed(t).await;
        assert!(lets_in(t, idp.id, identity("s1", "ana@example.test")).await.is_some());
        let policy = routing::store::all(&mut t.d.read(), t.acme.id).await.unwrap().remove(0);
        t.write(t.acme, routing::delete::Delete { id: policy.id }).await.unwrap();
        assert_eq!(lets_in(t, idp.id, identity("s1", "ana@example.test")).await, None);
        t.policy(t.acme, "Again", idp.id, &[Target::User(ana.id)]).await;
        assert!(lets_in(t, idp.id, identity("s1", "ana@example.test")).await.is_some());
    }

    /// IdP-initiated / disabled IdP or client: the state matrix.
    async fn only_the_all_enabled_cell_lets_in(t) {
        let (idp, ana) = routed(t).await;
        let policy = routing::store::all(&mut t.d.read(), t.acme.id).await.unwrap().remove(0);
        for linked in [false, true] {
            for idp_on in [true, false] {
                for policy_on in [true, false] {
                    for state in [State::Activated, State::Suspended, State::Staged] {
                        set(t, &idp, doc(), idp_on).await;
                        let input = routing::Input { enabled: Some(policy_on), ..routing::Input::default() };
                        t.write(t.acme, routing::update::Update { id: policy.id, input }).await.unwrap();
                        t.set_state(t.acme, ana.id, state).await;
                        let found = lets_in(t, idp.id, identity("s1", "ana@example.test")).await;
                        let all = idp_on && policy_on && state == State::Activated;
                        assert_eq!(found.is_some(), all, "{linked} {idp_on} {policy_on} {state:?}");
                        if !linked && all {
                            t.write(t.acme, Unlink { idp: idp.id, user: ana.id }).await.unwrap();
                        }
                    }
                }
            }
            set(t, &idp, doc(), true).await;
            let input = routing::Input { enabled: Some(true), ..routing::Input::default() };
            t.write(t.acme, routing::update::Update { id: policy.id, input }).await.unwrap();
            t.set_state(t.acme, ana.id, State::Activated).await;
            assert!(lets_in(t, idp.id, identity("s1", "ana@example.test")).await.is_some());
        }
    }

    /// SCIM takeover, link proof: a change of e-mail here or there does not move a link.
    async fn a_change_of_e_mail_moves_no_link(t) {
        let (idp, ana) = routed(t).await;
        let bo = t.user(t.acme, "bo").await;
        t.policy(t.acme, "Bo", idp.id, &[Target::User(bo.id)]).await;
        assert_eq!(lets_in(t, idp.id, identity("s1", "ana@example.test")).await, Some(ana.id));
        // There: the same subject now says Bo's address.
        assert_eq!(lets_in(t, idp.id, identity("s1", "bo@example.test")).await, Some(ana.id));
        assert_eq!(links(t, idp.id, bo.id).await, None);
        // Here: Ana's old address goes to Bo; the subject stays Ana.
        let mail = |id, email: &str| user::update::Update { email: Some(email.into()), ..user::update::Update::profile(id, Map::new()) };
        t.write(t.acme, mail(ana.id, "ana.new@example.test")).await.unwrap();
        t.write(t.acme, mail(bo.id, "ana@example.test")).await.unwrap();
        assert_eq!(lets_in(t, idp.id, identity("s1", "ana@example.test")).await, Some(ana.id));
    }

    /// Link proof not bound to upstream account: a second subject never takes over a person.
    async fn a_second_subject_for_one_person_is_refused(t) {
        let (idp, ana) = routed(t).await;
        assert!(lets_in(t, idp.id, identity("s1", "ana@example.test")).await.is_some());
        assert_eq!(lets_in(t, idp.id, identity("s2", "ana@example.test")).await, None);
        let elsewhere = Identity { issuer: "https://evil.example.test".into(), ..identity("s1", "ana@example.test") };
        assert_eq!(lets_in(t, idp.id, elsewhere).await, None);
        assert_eq!(links(t, idp.id, ana.id).await.as_deref(), Some("s1"));
    }

    async fn two_upstream_accounts_at_once_link_one(t) {
        let (idp, ana) = routed(t).await;
        let (a, b) = tokio::join!(
            t.write(t.acme, Resolve { idp: idp.id, identity: identity("s1", "ana@example.test") }),
            t.write(t.acme, Resolve { idp: idp.id, identity: identity("s2", "ana@example.test") }),
        );
        let found = [a.unwrap().user, b.unwrap().user];
        assert_eq!(found.iter().flatten().count(), 1);
        assert!(links(t, idp.id, ana.id).await.is_some());
    }

    async fn two_candidates_are_refused_and_nobody_is_made(t) {
        let alias = json!({"attributes": [{"name": "alias", "value": "ana@corp.example"}]});
        let by_alias = Doc {
            matching: Match { claim: "email".into(), attribute: "attributes.alias".into() },
            ..jit(&["corp.example"])
        };
        let idp = t.write(t.acme, creation("Corp", by_alias)).await.unwrap();
        let all = t.all_users(t.acme).await;
        t.policy(t.acme, "All", idp.id, &[Target::Group(all)]).await;
        let ana = t.user_with(t.acme, "ana", alias.clone()).await;
        let bo = t.user_with(t.acme, "bo", alias.clone()).await;
        let resolution = resolve(t, idp.id, identity("s1", "ana@corp.example")).await;
        assert!(resolution.user.is_none() && !resolution.may_create, "{:?}", resolution.trace);
        denied(create(t, idp.id, identity("s1", "ana@corp.example")).await);
        t.patch(t.acme, bo.id, json!({"attributes": []})).await;
        assert_eq!(lets_in(t, idp.id, identity("s1", "Ana@Corp.Example")).await, Some(ana.id));
    }

    async fn the_match_is_by_the_configured_attribute(t) {
        let by = |attribute: &str| Doc { matching: Match { claim: "c".into(), attribute: attribute.into() }, ..doc() };
        let profile = json!({"employeeIdentifier": "E-1", "attributes": [{"name": "alias", "value": "a1"}]});
        let ana = t.user_with(t.acme, "ana", profile).await;
        let idp = t.write(t.acme, creation("Corp", doc())).await.unwrap();
        t.policy(t.acme, "P", idp.id, &[Target::User(ana.id)]).await;
        for (attribute, value) in [("username", "ANA"), ("employeeIdentifier", "e-1"), ("attributes.alias", "A1"), ("email", "ana@EXAMPLE.test")] {
            set(t, &idp, by(attribute), true).await;
            for wrong in [None, Some(String::new()), Some("other".into()), Some("a\u{0}1".into())] {
                let id = Identity { match_value: wrong, ..identity("s1", "x@example.test") };
                assert_eq!(lets_in(t, idp.id, id).await, None, "{attribute}");
            }
            let id = Identity { match_value: Some(format!(" {value} ")), ..identity("s1", "x@example.test") };
            assert_eq!(lets_in(t, idp.id, id).await, Some(ana.id), "{attribute}");
            t.write(t.acme, Unlink { idp: idp.id, user: ana.id }).await.unwrap();
        }
    }

    async fn a_subject_or_issuer_beyond_bounds_is_refused(t) {
        let (idp, _) = routed(t).await;
        for id in [
            Identity { issuer: "x".repeat(2049), ..identity("s1", "ana@example.test") },
            identity(&"漢".repeat(200), "ana@example.test"),
            identity("", "ana@example.test"),
            identity("a\u{0}b", "ana@example.test"),
        ] {
            assert_eq!(lets_in(t, idp.id, id).await, None);
        }
        assert!(lets_in(t, idp.id, identity(&"x".repeat(255), "ana@example.test")).await.is_some());
    }

    async fn nobody_is_made_unless_it_is_turned_on_for_the_domain(t) {
        let (idp, _) = routed(t).await;
        let new = || identity("s9", "New.Person@corp.example");
        let may = async |id| resolve(t, idp.id, id).await.may_create;
        assert!(!may(new()).await);
        denied(create(t, idp.id, new()).await);
        set(t, &idp, jit(&["other.example"]), true).await;
        assert!(!may(new()).await);
        denied(create(t, idp.id, new()).await);
        set(t, &idp, jit(&["Corp.Example"]), true).await;
        assert!(may(new()).await);
        // Not of a domain that only ends like it, nor without an e-mail, nor unverified.
        assert!(!may(identity("s9", "a@evilcorp.example")).await);
        assert!(!may(identity("s9", "a@sub.corp.example")).await);
        assert!(!may(Identity { email: None, ..new() }).await);
        let unverified = Identity { email_verified: EmailVerified::False, ..new() };
        assert!(!may(unverified.clone()).await);
        denied(create(t, idp.id, unverified).await);
    }

    async fn a_person_is_made_federated_linked_and_routed(t) {
        let idp = t.write(t.acme, creation("Corp", jit(&["corp.example"]))).await.unwrap();
        let profile = attributes(json!({"firstname": "New", "lastname": "Person"}));
        let new = || Identity { profile: profile.clone(), ..identity("s9", "New.Person@corp.example") };
        // Nobody sends them here yet: nothing is made.
        denied(create(t, idp.id, new()).await);
        assert_eq!(listing::count::<user::User>(&mut t.d.read(), t.acme.id).await.unwrap(), 0);
        let all = t.all_users(t.acme).await;
        t.policy(t.acme, "All", idp.id, &[Target::Group(all)]).await;
        let made = create(t, idp.id, new()).await.unwrap();
        assert_eq!((made.username.as_str(), made.email.as_str()), ("New.Person", "New.Person@corp.example"));
        assert_eq!((made.state, made.authority()), (State::Activated, Authority::Federated));
        assert_eq!(made.profile.firstname.as_deref(), Some("New"));
        assert_eq!(lets_in(t, idp.id, new()).await, Some(made.id));
        assert!(muster_directory::mail::due(&t.d).await.unwrap().is_empty(), "no password is asked for");
        // Once is enough.
        denied(create(t, idp.id, new()).await);
    }

    async fn a_made_persons_user_name_is_free_and_allowed(t) {
        let idp = t.write(t.acme, creation("Corp", jit(&["corp.example"]))).await.unwrap();
        let all = t.all_users(t.acme).await;
        t.policy(t.acme, "All", idp.id, &[Target::Group(all)]).await;
        t.user(t.acme, "ana").await;
        t.user(t.acme, "ana2").await;
        let made = create(t, idp.id, identity("s1", "Ana@corp.example")).await.unwrap();
        assert_eq!(made.username, "Ana3");
        let made = create(t, idp.id, identity("s2", "a/b=c*@corp.example")).await.unwrap();
        assert_eq!(made.username, "abc");
        let made = create(t, idp.id, identity("s3", "/=@corp.example")).await.unwrap();
        assert_eq!(made.username, "user");
    }

    /// Someone who is here already is never made a second time, nor taken over by it.
    async fn who_is_here_is_not_made_again(t) {
        let by_alias = Doc {
            matching: Match { claim: "email".into(), attribute: "attributes.alias".into() },
            ..jit(&["example.test"])
        };
        let idp = t.write(t.acme, creation("Corp", by_alias)).await.unwrap();
        let all = t.all_users(t.acme).await;
        t.policy(t.acme, "All", idp.id, &[Target::Group(all)]).await;
        let ana = t.user(t.acme, "ana").await;
        crate::harness::conflict(create(t, idp.id, identity("s1", "ana@example.test")).await);
        assert_eq!(links(t, idp.id, ana.id).await, None);
        let alias = json!({"attributes": [{"name": "alias", "value": "bo.alias@example.test"}]});
        let bo = t.user_with(t.acme, "bo", alias).await;
        t.set_state(t.acme, bo.id, State::Suspended).await;
        denied(create(t, idp.id, identity("s2", "bo.alias@example.test")).await);
    }

    async fn a_provider_of_another_organization_is_not_there(t) {
        let (idp, _) = routed(t).await;
        let id = || identity("s1", "ana@example.test");
        assert!(is_missing(t.write(t.blue, Resolve { idp: idp.id, identity: id() }).await));
        assert!(is_missing(t.write(t.blue, CreateFromIdentity { idp: idp.id, identity: id() }).await));
        assert!(resolve(t, idp.id, id()).await.user.is_some());
    }
}
