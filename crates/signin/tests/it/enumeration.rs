//! Enumeration: what a stranger sees of an e-mail is the same whatever stands behind it.

use muster_directory::user::State;
use muster_testkit::{Browser, Page, Test, both};
use serde_json::json;

use crate::door::app;

/// People who are answered alike, and an e-mail that nobody has. All are as long, since the page repeats what was typed.
async fn cast(t: &Test) -> Vec<String> {
    t.person(t.acme, "wrong-pwd").await;
    let staged = t.person(t.acme, "is-staged").await;
    t.set_state(t.acme, staged.id, State::Staged).await;
    let suspended = t.person(t.acme, "suspended").await;
    t.set_state(t.acme, suspended.id, State::Suspended).await;
    t.person_with(t.acme, "is-pendng", json!({}), State::Activated).await;
    t.person(t.acme, "is-locked").await;
    let nowhere = t.person(t.acme, "no-way-in").await;
    t.federate(t.acme, nowhere.id).await;
    let mut app = Browser::at(&app(t), "203.0.113.5");
    for _ in 0..8 {
        app.post("/o/acme/login/password", &[("username", "is-locked@example.test"), ("password", "no")]).await;
    }
    ["wrong-pwd", "is-staged", "suspended", "is-pendng", "is-locked", "no-way-in", "a-nobody-"]
        .map(|name| format!("{name}@example.test"))
        .to_vec()
}

/// An answer with the e-mail taken out of it.
fn shape(page: &Page, email: &str) -> String {
    let headers: Vec<String> = page.headers.iter().map(|(n, v)| format!("{n}: {v:?}")).collect();
    format!("{} {headers:?} {}", page.status, page.body).replace(email, "E").replace(&email.replace('@', "%40"), "E")
}

both! {
    async fn enumeration_every_step_answers_alike(t) {
        let cast = cast(t).await;
        for door in ["/login", "/o/acme/login"] {
            let mut seen: Vec<(String, Vec<String>)> = Vec::new();
            for email in &cast {
                let mut browser = Browser::at(&app(t), "203.0.113.5");
                let first = browser.get(&format!("{door}?username={email}")).await;
                let page = browser.post(door, &[("username", email)]).await;
                page.is(200);
                let (answer, hashes) = t.hashes(browser.submit(&page, &[("password", "not-the-password")])).await;
                answer.is(400).says("do not match");
                assert_eq!(hashes, 1, "{door} {email}");
                assert!(browser.cookies.is_empty());
                seen.push((email.clone(), vec![shape(&first, email), shape(&page, email), shape(&answer, email)]));
            }
            for (email, steps) in &seen[1..] {
                assert_eq!(*steps, seen[0].1, "{door} {email}");
            }
        }
    }
}
