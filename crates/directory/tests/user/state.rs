use muster_directory::change;
use muster_directory::mail;
use muster_directory::user::State;
use muster_directory::user::create::Create;
use muster_directory::user::state::ExpirePassword;
use serde_json::json;

use crate::harness::{Test, attributes, denied};

async fn kinds(t: &Test) -> Vec<String> {
    let entries = change::store::after(&mut t.d.read(), t.acme.id, 0, i64::MAX).await.unwrap();
    entries.into_iter().map(|e| e.kind).collect()
}

both! {
    async fn each_change_is_one_entry_and_none_when_nothing_changes(t) {
        let ana = t.user_with_password(t.acme, "ana").await;
        let before = kinds(t).await.len();
        for state in [State::Activated, State::Suspended, State::Suspended, State::Staged, State::Activated] {
            t.set_state(t.acme, ana.id, state).await;
            assert_eq!(t.stored(t.acme, ana.id).await.state, state);
        }
        assert_eq!(kinds(t).await[before..], ["user_suspended", "user_suspended", "user_activated"]);
    }

    async fn suspension_ends_sessions_and_refuses_older_tokens(t) {
        let ana = t.user_with_password(t.acme, "ana").await;
        t.sign_in(t.acme, ana.id, "192.0.2.0/24").await;
        t.later(60);
        t.set_state(t.acme, ana.id, State::Suspended).await;
        assert!(t.sessions(t.acme, ana.id).await.is_empty());
        assert_eq!(t.stored(t.acme, ana.id).await.tokens_from, t.clock.now());
        assert_eq!(kinds(t).await.last().unwrap(), "session_end");
    }

    async fn someone_let_in_without_a_password_is_asked_to_choose_one(t) {
        let staged = Create {
            username: "ana".into(),
            email: "ana@example.test".into(),
            state: Some(State::Staged),
            profile: attributes(json!({})),
            password_hash: None,
        };
        let ana = t.write(t.acme, staged).await.unwrap();
        assert!(mail::due(&t.d).await.unwrap().is_empty(), "nobody staged gets mail");
        t.set_state(t.acme, ana.id, State::Activated).await;
        let mails = mail::due(&t.d).await.unwrap();
        assert_eq!(mails.len(), 1);
        assert!(mails[0].message.link.starts_with("https://id.example.test/activate?token="));
        assert_eq!(mails[0].message.to, "ana@example.test");
        // Who has a password, or whose password is elsewhere, is not asked.
        t.user_with_password(t.acme, "bo").await;
        t.federated_user(t.acme, "cy").await;
        assert_eq!(mail::due(&t.d).await.unwrap().len(), 1);
    }

    async fn an_expired_password_ends_sessions(t) {
        let ana = t.user_with_password(t.acme, "ana").await;
        t.sign_in(t.acme, ana.id, "192.0.2.0/24").await;
        assert!(t.write(t.acme, ExpirePassword { id: ana.id }).await.unwrap().password_expired);
        let stored = t.stored(t.acme, ana.id).await;
        let settings = muster_directory::organization::Settings::default();
        assert!(stored.password_is_expired(&settings, t.clock.now()));
        assert!(t.sessions(t.acme, ana.id).await.is_empty());
        let fed = t.federated_user(t.acme, "fed").await;
        assert!(denied(t.write(t.acme, ExpirePassword { id: fed.id }).await).contains("Federated"));
    }
}
