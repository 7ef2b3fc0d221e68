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

both! {
    async fn enumeration_routing_tells_of_active_people_only(t) {
        let idp = t.provider(t.acme, "Okta", "https://okta.example").await.id;
        let mut ids = Vec::new();
        for name in ["active", "staged", "suspended"] {
            let user = t.person(t.acme, name).await;
            t.federate(t.acme, user.id).await;
            ids.push(user.id);
        }
        t.route(t.acme, idp, &ids).await;
        t.set_state(t.acme, ids[1], State::Staged).await;
        t.set_state(t.acme, ids[2], State::Suspended).await;
        let mut browser = Browser::new(&app(t));
        for door in ["/login", "/o/acme/login"] {
            // That a routed e-mail leads to its provider is inherent in routing, and documented.
            let page = browser.post(door, &[("username", "active@example.test")]).await;
            assert_eq!(page.location(), "/o/acme/federate?username=active%40example.test");
            for name in ["staged", "suspended"] {
                browser.post(door, &[("username", &format!("{name}@example.test"))]).await.is(200).says("Password");
            }
        }
        let page = browser.get("/o/acme/login?username=active@example.test").await;
        assert_eq!(page.location(), "/o/acme/federate?username=active%40example.test");
        browser.get("/o/acme/login?username=staged@example.test").await.is(200).says("Password");
    }

    /// Whoever goes past the first page learns nothing by the password of a routed person either.
    async fn enumeration_the_password_of_a_routed_person_answers_alike(t) {
        let idp = t.provider(t.acme, "Okta", "https://okta.example").await.id;
        let routed = t.person(t.acme, "is-routed").await;
        t.route(t.acme, idp, &[routed.id]).await;
        for path in ["/login/password", "/o/acme/login/password"] {
            let mut seen = Vec::new();
            for (name, password) in [("is-routed", "wrong"), ("is-routed", "vast-ocean-77-lantern"), ("a-nobody-", "wrong")] {
                let email = format!("{name}@example.test");
                let mut browser = Browser::new(&app(t));
                let fields = [("username", email.as_str()), ("password", password)];
                let (page, hashes) = t.hashes(browser.post(path, &fields)).await;
                assert_eq!(hashes, 1);
                seen.push(shape(&page, &email));
            }
            assert!(seen.iter().all(|s| *s == seen[0]), "{path} {seen:#?}");
        }
        assert!(t.sessions(t.acme, routed.id).await.is_empty());
    }

    async fn enumeration_what_a_provider_may_bring_in_is_told_by_domain(t) {
        let idp = t.provider_of(t.acme, "Okta", "https://okta.example", |doc| {
            doc.jit.enabled = true;
            doc.jit.domains = vec!["new.test".into()];
        });
        idp.await;
        let mut browser = Browser::new(&app(t));
        let page = browser.post("/o/acme/login", &[("username", "anybody@NEW.test")]).await;
        assert_eq!(page.location(), "/o/acme/federate?username=anybody%40NEW.test");
        browser.post("/o/acme/login", &[("username", "anybody@sub.new.test")]).await.is(200);
    }

    /// An organization that is typed must not tell whether an e-mail belongs to it, nor which one it belongs to.
    async fn enumeration_a_typed_organization_tells_nothing(t) {
        t.person(t.acme, "one-home-").await;
        t.person(t.acme, "two-homes").await;
        t.person(t.blue, "two-homes").await;
        let mut browser = Browser::new(&app(t));
        for typed in ["", "acme", "Acme", "blue", "nonsense"] {
            let mut seen = Vec::new();
            for name in ["one-home-", "nobody---"] {
                let email = format!("{name}@example.test");
                let fields = [("username", email.as_str()), ("organization", typed)];
                let page = browser.post("/login", &fields).await;
                let fields = [fields[0], fields[1], ("password", "wrong")];
                let answer = browser.post("/login/password", &fields).await;
                seen.push((shape(&page, &email), shape(&answer, &email)));
            }
            assert_eq!(seen[0], seen[1], "{typed:?}");
        }
        // Of somebody in several, no more is told than that.
        let mut seen = Vec::new();
        for typed in ["acme", "blue", "nine"] {
            let email = "two-homes@example.test";
            let page = browser.post("/login", &[("username", email), ("organization", typed)]).await;
            seen.push(shape(&page, typed));
        }
        assert_eq!(seen[0], seen[2]);
        assert_eq!(seen[1], seen[2]);
    }

    async fn enumeration_reset_answers_alike(t) {
        let cast = cast(t).await;
        let mut seen = Vec::new();
        for email in &cast {
            let mut browser = Browser::new(&app(t));
            let (page, hashes) = t.hashes(browser.post("/reset", &[("username", email)])).await;
            page.is(200).says("a link is on its way");
            assert_eq!(hashes, 0);
            assert!(browser.cookies.is_empty());
            seen.push(shape(&page, email));
        }
        assert!(seen.iter().all(|s| *s == seen[0]));
    }

    async fn enumeration_an_administrators_page_answers_alike(t) {
        let (suspended, _) = t.administrator(t.acme, "suspended@adm.test", Some("vast-ocean-77-lantern")).await;
        t.administrator(t.acme, "wrong-pwd@adm.test", Some("vast-ocean-77-lantern")).await;
        t.administrator(t.acme, "pending--@adm.test", None).await;
        let suspend = muster_directory::administrator::update::Update {
            id: suspended, firstname: None, lastname: None, suspended: Some(true),
        };
        t.write(t.acme, suspend).await.unwrap();
        let mut seen = Vec::new();
        for name in ["suspended", "wrong-pwd", "pending--", "a-nobody-"] {
            let email = format!("{name}@adm.test");
            let mut browser = Browser::new(&app(t));
            let page = browser.get("/login/admin").await;
            let password = if name == "wrong-pwd" { "wrong" } else { "vast-ocean-77-lantern" };
            let (page, hashes) = t.hashes(browser.submit(&page, &[("username", &email), ("password", password)])).await;
            page.is(400).says("do not match");
            assert_eq!(hashes, 1, "{name}");
            assert!(browser.cookies.is_empty());
            seen.push(shape(&page, &email));
        }
        assert!(seen.iter().all(|s| *s == seen[0]), "{seen:#?}");
    }
}
