use muster_base::Secret;
use muster_directory::mail;
use muster_directory::user::set_password::{Proof, SetPassword};
use muster_directory::user::token::{ACTIVATION_TTL_S, Purpose, RESET_TTL_S, SendLink, find};
use muster_directory::user::{State, User};

use crate::harness::{HASH, Test, denied};

fn send(user: &User) -> SendLink {
    SendLink { id: user.id, by_anyone: false }
}

/// The token in the last mail to a person.
async fn mailed(t: &Test, user: &User) -> Secret {
    let message = mail::hand_over(&t.d, user.org, user.id).await.unwrap().unwrap();
    Secret::new(message.link.split_once("token=").unwrap().1)
}

fn by_link(user: &User, token: &Secret) -> SetPassword {
    SetPassword { id: user.id, hash: HASH.into(), proof: Proof::Link(token.digest()) }
}

async fn works(t: &Test, token: &Secret) -> bool {
    find(&mut t.d.read(), token, t.clock.now()).await.unwrap().is_some()
}

both! {
    async fn a_link_works_once(t) {
        let ana = t.user(t.acme, "ana").await;
        let token = mailed(t, &ana).await;
        let link = find(&mut t.d.read(), &token, t.clock.now()).await.unwrap().unwrap();
        assert_eq!((link.org, link.user, link.purpose), (t.acme.id, ana.id, Purpose::Activate));
        t.write(t.acme, by_link(&ana, &token)).await.unwrap();
        assert!(!works(t, &token).await);
        assert!(denied(t.write(t.acme, by_link(&ana, &token)).await).contains("not valid any more"));
    }

    async fn a_link_runs_out(t) {
        let ana = t.user(t.acme, "ana").await;
        let token = mailed(t, &ana).await;
        t.later(ACTIVATION_TTL_S - 1);
        assert!(works(t, &token).await);
        t.later(1);
        assert!(!works(t, &token).await);
        denied(t.write(t.acme, by_link(&ana, &token)).await);
        let bo = t.user_with_password(t.acme, "bo").await;
        t.write(t.acme, send(&bo)).await.unwrap();
        let token = mailed(t, &bo).await;
        t.later(RESET_TTL_S);
        denied(t.write(t.acme, by_link(&bo, &token)).await);
    }

    async fn a_newer_link_replaces_an_older_one(t) {
        let ana = t.user(t.acme, "ana").await;
        let old = mailed(t, &ana).await;
        t.write(t.acme, send(&ana)).await.unwrap();
        let new = mailed(t, &ana).await;
        assert!(!works(t, &old).await && works(t, &new).await);
    }

    /// Both in one millisecond: the outbox holds only the link that works.
    async fn a_mail_with_a_dead_link_is_not_sent(t) {
        let ana = t.user(t.acme, "ana").await;
        for _ in 0..5 {
            t.write(t.acme, send(&ana)).await.unwrap();
        }
        assert_eq!(mail::due(&t.d).await.unwrap().len(), 1);
        let token = mailed(t, &ana).await;
        assert!(works(t, &token).await);
        t.write(t.acme, send(&ana)).await.unwrap();
        t.write(t.acme, SetPassword { id: ana.id, hash: HASH.into(), proof: Proof::Administrator }).await.unwrap();
        assert!(mail::due(&t.d).await.unwrap().is_empty());
    }

    async fn a_new_password_ends_links_that_were_sent_before(t) {
        let ana = t.user_with_password(t.acme, "ana").await;
        t.write(t.acme, send(&ana)).await.unwrap();
        let token = mailed(t, &ana).await;
        t.write(t.acme, SetPassword { id: ana.id, hash: HASH.into(), proof: Proof::Administrator }).await.unwrap();
        assert!(!works(t, &token).await);
    }

    /// Reset-flow bypass: a link proves only for the person it was sent to.
    async fn a_link_is_of_one_person_and_organization(t) {
        let (ana, bo) = (t.user(t.acme, "ana").await, t.user(t.acme, "bo").await);
        let there = t.user(t.blue, "ana").await;
        let token = mailed(t, &ana).await;
        denied(t.write(t.acme, by_link(&bo, &token)).await);
        denied(t.write(t.blue, by_link(&there, &token)).await);
        assert!(works(t, &token).await, "a refused use does not use it up");
        t.write(t.acme, by_link(&ana, &token)).await.unwrap();
    }

    async fn of_two_uses_at_once_one_wins(t) {
        let ana = t.user(t.acme, "ana").await;
        let token = mailed(t, &ana).await;
        let (a, b) = tokio::join!(t.write(t.acme, by_link(&ana, &token)), t.write(t.acme, by_link(&ana, &token)));
        assert_eq!(u8::from(a.is_ok()) + u8::from(b.is_ok()), 1);
    }

    async fn a_stranger_has_one_sent_a_minute(t) {
        let ana = t.user_with_password(t.acme, "ana").await;
        let ask = || SendLink { id: ana.id, by_anyone: true };
        t.write(t.acme, ask()).await.unwrap();
        let first = mailed(t, &ana).await;
        t.write(t.acme, ask()).await.unwrap();
        assert!(mail::due(&t.d).await.unwrap().is_empty());
        assert!(works(t, &first).await, "asking again does not spoil what was sent");
        t.later(61);
        t.write(t.acme, ask()).await.unwrap();
        assert_eq!(mail::due(&t.d).await.unwrap().len(), 1);
    }

    async fn only_active_people_of_ours_get_one(t) {
        let ana = t.user_with_password(t.acme, "ana").await;
        t.set_state(t.acme, ana.id, State::Suspended).await;
        assert!(denied(t.write(t.acme, send(&ana)).await).contains("activate"));
        let fed = t.federated_user(t.acme, "fed").await;
        assert!(denied(t.write(t.acme, send(&fed)).await).contains("Password Authority"));
    }

    /// Reset-flow bypass: what is sent while the person may set a password is worth nothing once they may not.
    async fn a_link_ends_with_the_right_to_use_it(t) {
        let ana = t.user(t.acme, "ana").await;
        let token = mailed(t, &ana).await;
        t.set_state(t.acme, ana.id, State::Suspended).await;
        denied(t.write(t.acme, by_link(&ana, &token)).await);
        t.set_state(t.acme, ana.id, State::Activated).await;
        let token = mailed(t, &ana).await;
        let federated = serde_json::json!([{"field": "password", "type": "federated_identity_provider"}]);
        t.patch(t.acme, ana.id, serde_json::json!({"restrictedFields": federated})).await;
        denied(t.write(t.acme, by_link(&ana, &token)).await);
    }
}
