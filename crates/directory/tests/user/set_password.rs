use muster_base::Secret;
use muster_directory::organization;
use muster_directory::password;
use muster_directory::user::set_password::{Proof, SetPassword};
use serde_json::json;

use crate::harness::{HASH, Test, attributes, denied, fields};

fn by_administrator(user: muster_base::Id) -> SetPassword {
    SetPassword { id: user, hash: HASH.into(), proof: Proof::Administrator }
}

async fn set(t: &Test, user: muster_base::Id, text: &str) -> Result<(), muster_directory::Error> {
    let hash = password::prepare(&t.d, &t.stored(t.acme, user).await, &Secret::new(text)).await?;
    t.later(1);
    t.write(t.acme, SetPassword { id: user, hash, proof: Proof::Administrator }).await.map(|_| ())
}

both! {
    async fn is_stored_and_may_be_used(t) {
        let ana = t.user(t.acme, "ana").await;
        set(t, ana.id, "vast ocean lantern").await.unwrap();
        let stored = t.stored(t.acme, ana.id).await;
        assert_eq!(stored.password_at, Some(t.clock.now()));
        let hasher = t.d.hasher();
        assert!(hasher.verify(stored.password_hash.clone(), &Secret::new("vast ocean lantern")).await.unwrap());
        assert!(!hasher.verify(stored.password_hash, &Secret::new("Vast ocean lantern")).await.unwrap());
    }

    async fn an_administrator_ends_the_persons_sessions(t) {
        let ana = t.user_with_password(t.acme, "ana").await;
        t.sign_in(t.acme, ana.id, "192.0.2.0/24").await;
        t.later(5);
        t.write(t.acme, by_administrator(ana.id)).await.unwrap();
        assert!(t.sessions(t.acme, ana.id).await.is_empty());
        assert_eq!(t.stored(t.acme, ana.id).await.tokens_from, t.clock.now());
    }

    async fn the_person_keeps_the_session_in_which_it_was_done(t) {
        let ana = t.user_with_password(t.acme, "ana").await;
        let here = t.sign_in(t.acme, ana.id, "192.0.2.0/24").await.session.id;
        t.sign_in(t.acme, ana.id, "192.0.2.0/24").await;
        let verb = SetPassword { id: ana.id, hash: HASH.into(), proof: Proof::Session(here) };
        t.write(t.acme, verb).await.unwrap();
        let left: Vec<_> = t.sessions(t.acme, ana.id).await.into_iter().map(|s| s.id).collect();
        assert_eq!(left, [here]);
    }

    async fn takes_back_an_expiry_and_a_lock(t) {
        let ana = t.user_with_password(t.acme, "ana").await;
        t.write(t.acme, muster_directory::user::state::ExpirePassword { id: ana.id }).await.unwrap();
        assert!(!t.write(t.acme, by_administrator(ana.id)).await.unwrap().password_expired);
        assert!(!t.stored(t.acme, ana.id).await.password_expired);
    }

    async fn another_authority_refuses_every_way(t) {
        let fed = t.federated_user(t.acme, "fed").await;
        let session = t.d.env().id();
        for proof in [Proof::Administrator, Proof::Session(session), Proof::Link([0; 32])] {
            let text = denied(t.write(t.acme, SetPassword { id: fed.id, hash: HASH.into(), proof }).await);
            assert!(text.contains("Federated Identity Provider"), "{text}");
        }
        assert!(t.stored(t.acme, fed.id).await.password_hash.is_none());
    }

    async fn the_rules_of_the_organization_hold(t) {
        let ana = t.user(t.acme, "ana").await;
        let policy = json!({"passwordPolicy": {"minLength": 14, "needsNumeric": true}});
        t.write(t.acme, organization::update::Update { name: None, settings: attributes(policy) }).await.unwrap();
        assert_eq!(fields(set(t, ana.id, "short lantern").await), ["password", "password"]);
        assert_eq!(fields(set(t, ana.id, "password123456").await), ["password"]);
        set(t, ana.id, "vast ocean lantern 7").await.unwrap();
    }

    async fn the_last_ones_are_not_used_again(t) {
        let ana = t.user(t.acme, "ana").await;
        let policy = json!({"passwordPolicy": {"enableMaxHistory": true, "maxHistory": 2}});
        t.write(t.acme, organization::update::Update { name: None, settings: attributes(policy) }).await.unwrap();
        let words = ["vast ocean lantern", "quiet purple tractor", "nine wooden clouds"];
        for text in words {
            set(t, ana.id, text).await.unwrap();
        }
        assert_eq!(fields(set(t, ana.id, words[2]).await), ["password"]);
        assert_eq!(fields(set(t, ana.id, words[1]).await), ["password"]);
        set(t, ana.id, words[0]).await.unwrap();
    }
}
