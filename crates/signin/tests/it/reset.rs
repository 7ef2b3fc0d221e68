//! A forgotten password: a link goes to whoever may have a password here, at most once a minute, and nothing is told.

use muster_directory::user::State;
use muster_testkit::{Browser, Setup, Test, both};
use serde_json::json;

use crate::door::app;

/// Asks for a link, and waits until what happens after the answer has happened.
async fn ask(t: &Test, email: &str) -> Vec<String> {
    Browser::new(&app(t)).post("/reset", &[("username", email)]).await.is(200);
    settle(t).await
}

/// The mails that wait, once there have been no new ones for a while. Work after the answer has no end to wait for.
async fn settle(t: &Test) -> Vec<String> {
    let mut before = t.mailed_links().await;
    let mut still = 0;
    while still < 10 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        let now = t.mailed_links().await;
        still = if now == before { still + 1 } else { 0 };
        before = now;
    }
    before
}

both! {
    async fn a_link_is_mailed_once_a_minute(t) {
        t.person(t.acme, "ana").await;
        let first = ask(t, "ANA@example.test").await;
        assert_eq!(first.len(), 1);
        assert!(first[0].starts_with("/reset?token="));
        Browser::new(&app(t)).get(&first[0]).await.is(200);
        assert_eq!(ask(t, "ana@example.test").await, first);
        t.later(59);
        assert_eq!(ask(t, "ana@example.test").await, first);
        t.later(1);
        let second = ask(t, "ana@example.test").await;
        assert_eq!(second.len(), 1, "the one that was not sent yet is not sent");
        assert_ne!(second, first);
        Browser::new(&app(t)).get(&first[0]).await.is(404);
        Browser::new(&app(t)).get(&second[0]).await.is(200);
    }

    async fn each_organization_of_an_email_sends_its_own(t) {
        t.person(t.acme, "ana").await;
        t.person(t.blue, "ana").await;
        assert_eq!(ask(t, "ana@example.test").await.len(), 2);
    }

    async fn nothing_is_mailed_to_whoever_has_no_password_here(t) {
        let idp = t.provider(t.acme, "Okta", "https://okta.example").await.id;
        let routed = t.person(t.acme, "routed").await;
        t.route(t.acme, idp, &[routed.id]).await;
        let nowhere = t.person(t.acme, "nowhere").await;
        t.federate(t.acme, nowhere.id).await;
        for (name, state) in [("staged", State::Staged), ("suspended", State::Suspended)] {
            let user = t.person(t.acme, name).await;
            t.set_state(t.acme, user.id, state).await;
        }
        for name in ["routed", "nowhere", "staged", "suspended", "unknown"] {
            assert!(ask(t, &format!("{name}@example.test")).await.is_empty(), "{name}");
        }
        // Somebody who never chose a password gets to choose the first.
        let pending = t.person_with(t.acme, "pending", json!({}), State::Activated).await;
        t.later(60);
        assert!(ask(t, &pending.email).await[0].starts_with("/activate?token="));
    }

    /// Without mail the administrator hands links over: a stranger must not make them worthless.
    async fn without_mail_a_link_that_was_handed_over_goes_on_working(t)
        with Setup { mail: false, ..Setup::default() };
    {
        t.person_with(t.acme, "ana", json!({}), State::Activated).await;
        let handed_over = t.mailed_links().await.remove(0);
        t.later(3600);
        let page = Browser::new(&app(t)).post("/reset", &[("username", "ana@example.test")]).await;
        page.is(200).says("sends no mail");
        settle(t).await;
        Browser::new(&app(t)).get(&handed_over).await.is(200);
    }
}
