//! The password: what it opens, what it leaves behind, and where it leads.

use muster_directory::user::State;
use muster_directory::user::state::ExpirePassword;
use muster_testkit::{Browser, PASSWORD, both, object};
use serde_json::json;

use crate::door::{app, password, row, sign_in};
use crate::login_csrf::waiting;

const EMAIL: &str = "ana@example.test";
const NEW: &str = "quiet-river-41-copper";

both! {
    async fn the_right_one_starts_a_session_and_leaves_an_event_with_its_trace(t) {
        let ana = t.person(t.acme, "ana").await;
        for door in ["/login", "/o/acme/login"] {
            let mut browser = Browser::new(&app(t));
            let page = sign_in(&mut browser, door, " ANA@Example.TEST ", PASSWORD).await;
            assert_eq!(page.status, 303);
            assert_eq!(page.location(), "/portal/acme/");
            let sessions = t.sessions(t.acme, ana.id).await;
            let row = row(t, &browser).await;
            assert!(sessions.iter().any(|s| Some(s.browser) == row), "{door}");
            assert_eq!(sessions[0].client_ip, "192.0.2.7");
            assert_eq!(sessions[0].user_agent, "Test/1");
            let event = &t.events_of(t.acme, ana.id).await[0];
            assert_eq!((event.kind.as_str(), event.detail.success), ("user_login_attempt", true));
            let steps: Vec<&str> = event.detail.trace.iter().map(|s| s.step.as_str()).collect();
            assert_eq!(steps, [
                "The e-mail belongs to a person here",
                "The person is active",
                "The network need not wait after failed attempts",
                "The password is right",
                "The Password Authority is \"None\"",
                "The person signs in with a password here",
                "The password has not expired",
            ]);
            assert!(event.detail.trace.iter().all(|s| s.passed));
            t.later(1);
        }
    }

    async fn a_refusal_says_why_to_administrators_alone(t) {
        let idp = t.provider(t.acme, "Okta", "https://okta.example").await.id;
        let routed = t.person(t.acme, "routed").await;
        t.route(t.acme, idp, &[routed.id]).await;
        let nowhere = t.person(t.acme, "nowhere").await;
        t.federate(t.acme, nowhere.id).await;
        let staged = t.person(t.acme, "staged").await;
        t.set_state(t.acme, staged.id, State::Staged).await;
        let pending = t.person_with(t.acme, "pending", json!({}), State::Activated).await;
        for (user, step) in [
            (routed.id, "The person signs in with a password here"),
            (nowhere.id, "The Password Authority is \"Federated Identity Provider\""),
            (staged.id, "The person is active"),
            (pending.id, "A password is set"),
        ] {
            let email = t.stored(t.acme, user).await.email;
            let mut browser = Browser::new(&app(t));
            password(&mut browser, "acme", &email, PASSWORD).await.is(400).says("do not match");
            assert!(t.sessions(t.acme, user).await.is_empty());
            let event = &t.events_of(t.acme, user).await[0];
            assert!(!event.detail.success);
            let failed: Vec<&str> = event.detail.trace.iter().filter(|s| !s.passed).map(|s| s.step.as_str()).collect();
            assert!(failed.contains(&step), "{email}: {failed:?}");
        }
    }

    async fn a_policy_that_does_not_apply_keeps_nobody_out(t) {
        let idp = t.provider(t.acme, "Okta", "https://okta.example").await.id;
        let other = t.person(t.acme, "other").await;
        t.route(t.acme, idp, &[other.id]).await;
        t.person(t.acme, "ana").await;
        let mut browser = Browser::new(&app(t));
        assert_eq!(password(&mut browser, "acme", EMAIL, PASSWORD).await.location(), "/portal/acme/");
    }

    async fn an_expired_one_leads_to_a_new_one_and_ends_old_sessions(t) {
        let ana = t.person(t.acme, "ana").await;
        let mut before = Browser::new(&app(t));
        sign_in(&mut before, "/o/acme/login", EMAIL, PASSWORD).await.leads_on();
        t.write(t.acme, ExpirePassword { id: ana.id }).await.unwrap();
        assert!(t.sessions(t.acme, ana.id).await.is_empty());
        let mut browser = Browser::new(&app(t));
        password(&mut browser, "acme", EMAIL, "wrong").await.is(400).says("do not match");
        t.later(1);
        let page = password(&mut browser, "acme", EMAIL, PASSWORD).await;
        assert!(page.location().starts_with("/reset?token="));
        assert!(browser.cookies.is_empty(), "nobody is signed in yet");
        let event = &t.events_of(t.acme, ana.id).await[0];
        assert!(!event.detail.success);
        assert_eq!(event.detail.trace.last().unwrap().step, "The password has not expired");
        assert!(!event.detail.trace.last().unwrap().passed);
        let page = browser.get(page.location()).await;
        page.is(200).says("Choose a new password");
        browser.submit(&page, &[("password", NEW)]).await.is(200).says("Your password is set");
        password(&mut browser, "acme", EMAIL, PASSWORD).await.is(400);
        assert_eq!(password(&mut browser, "acme", EMAIL, NEW).await.location(), "/portal/acme/");
    }

    async fn one_that_expires_by_age_does_so_at_the_hour(t) {
        t.person(t.acme, "ana").await;
        let settings = object(json!({"passwordPolicy":
            {"enablePasswordExpirationInDays": true, "passwordExpirationInDays": 30}}));
        t.write(t.acme, muster_directory::organization::update::Update { name: None, settings }).await.unwrap();
        let mut browser = Browser::new(&app(t));
        t.later(30 * 86_400 - 1);
        assert_eq!(password(&mut browser, "acme", EMAIL, PASSWORD).await.location(), "/portal/acme/");
        t.later(1);
        assert!(password(&mut browser, "acme", EMAIL, PASSWORD).await.location().starts_with("/reset?token="));
    }

    async fn an_empty_one_is_not_compared(t) {
        t.person(t.acme, "ana").await;
        let mut browser = Browser::new(&app(t));
        for path in ["/login/password", "/o/acme/login/password"] {
            let (page, hashes) = t.hashes(browser.post(path, &[("username", EMAIL), ("password", "")])).await;
            page.is(400).says("Enter your password.");
            assert_eq!(hashes, 0);
        }
        assert!(t.events(t.acme).await.is_empty());
        // The longest that is hashed, and one beyond: refused without harm.
        password(&mut browser, "acme", EMAIL, &"x".repeat(5000)).await.is(400).says("do not match");
    }

    async fn it_leads_where_the_sign_in_began(t) {
        t.person(t.acme, "ana").await;
        let mut browser = Browser::new(&app(t));
        let page = sign_in(&mut browser, "/o/acme/login?to=/portal/acme/profile?a=1", EMAIL, PASSWORD).await;
        assert_eq!(page.location(), "/portal/acme/profile?a=1");
        assert_eq!(browser.get("/o/acme/login?to=/console/acme/users").await.location(), "/console/acme/users");
        // A waiting request comes first, and one that wants a fresh sign-in asks for it.
        let flow = waiting(t, row(t, &browser).await.unwrap(), false, None).await;
        let address = format!("/o/acme/login?flow={flow}&to=/portal/acme/profile");
        assert_eq!(browser.get(&address).await.location(), format!("/o/acme/oauth2/auth?flow={flow}"));
        let fresh = waiting(t, row(t, &browser).await.unwrap(), true, None).await;
        let page = browser.get(&format!("/o/acme/login?flow={fresh}")).await;
        page.is(200).says("Log in to your application using Muster");
        let page = browser.submit(&page, &[("username", EMAIL)]).await;
        assert!(page.body.contains("SSO Login"));
        let page = browser.submit(&page, &[("password", PASSWORD)]).await;
        assert_eq!(page.location(), format!("/o/acme/oauth2/auth?flow={fresh}"));
    }

    async fn a_hint_opens_the_password_page_and_can_be_corrected(t) {
        t.person(t.acme, "ana").await;
        let mut browser = Browser::new(&app(t));
        sign_in(&mut browser, "/o/acme/login", EMAIL, PASSWORD).await.leads_on();
        let flow = waiting(t, row(t, &browser).await.unwrap(), true, Some("alias@example.test")).await;
        let page = browser.get(&format!("/o/acme/login?flow={flow}")).await;
        assert_eq!(page.form().value("username"), Some("alias@example.test"));
        let page = browser.submit(&page, &[("password", "wrong")]).await;
        page.is(400);
        let page = browser.submit(&page, &[("username", EMAIL), ("password", PASSWORD)]).await;
        assert_eq!(page.location(), format!("/o/acme/oauth2/auth?flow={flow}"));
        // A hint that is no e-mail is nothing.
        let flow = waiting(t, row(t, &browser).await.unwrap(), true, Some("<script>")).await;
        let page = browser.get(&format!("/o/acme/login?flow={flow}")).await;
        assert_eq!(page.form().value("username"), Some(""));
    }

    async fn open_redirect_only_our_own_pages_are_gone_on_to(t) {
        t.person(t.acme, "ana").await;
        for to in [
            "//evil.test", "/\\evil.test", "https://evil.test/", "%2F%2Fevil.test", "/portal//evil.test", "/logout",
            "/o/acme/oauth2/auth", "/portal/%0d%0aset-cookie:x=y", "javascript:alert(1)", "/portal/..//evil.test",
        ] {
            let mut browser = Browser::new(&app(t));
            for door in ["/login", "/o/acme/login"] {
                let page = sign_in(&mut browser, &format!("{door}?to={to}"), EMAIL, PASSWORD).await;
                let location = page.location();
                assert!(location.starts_with("/portal/"), "{to} led to {location}");
                assert!(!location.contains("//") && !location.contains('\\'), "{to} led to {location}");
                browser.cookies.clear();
            }
        }
    }

    async fn a_person_who_may_no_longer_be_here_is_not_signed_in_by_an_old_cookie(t) {
        let ana = t.person(t.acme, "ana").await;
        let mut browser = Browser::new(&app(t));
        sign_in(&mut browser, "/o/acme/login", EMAIL, PASSWORD).await.leads_on();
        assert!(browser.get("/o/acme/login").await.status.is_redirection());
        t.set_state(t.acme, ana.id, State::Suspended).await;
        browser.get("/o/acme/login").await.is(200);
        password(&mut browser, "acme", EMAIL, PASSWORD).await.is(400);
        t.set_state(t.acme, ana.id, State::Activated).await;
        browser.get("/o/acme/login").await.is(200);
        sign_in(&mut browser, "/o/acme/login", EMAIL, PASSWORD).await.leads_on();
        t.remove(t.acme, ana.id).await;
        browser.get("/o/acme/login").await.is(200);
    }

    async fn a_session_ends_by_rest_and_by_age(t) {
        t.person(t.acme, "ana").await;
        let mut browser = Browser::new(&app(t));
        sign_in(&mut browser, "/o/acme/login", EMAIL, PASSWORD).await.leads_on();
        // Eight hours of rest end it; used each hour, thirty days do.
        t.later(480 * 60 - 1);
        browser.get("/o/acme/login").await.leads_on();
        t.later(480 * 60);
        browser.get("/o/acme/login").await.is(200);
        sign_in(&mut browser, "/o/acme/login", EMAIL, PASSWORD).await.leads_on();
        for _ in 0..30 * 6 - 1 {
            t.later(4 * 3600);
            browser.get("/o/acme/login").await.leads_on();
        }
        t.later(4 * 3600);
        browser.get("/o/acme/login").await.is(200);
    }

    async fn unknown_organizations_have_no_door(t) {
        let mut browser = Browser::new(&app(t));
        for slug in ["nobody", "%00", "a%2Fb", "ACME", "%F0%9F%90%8D", "acme%20"] {
            browser.get(&format!("/o/{slug}/login")).await.is(404);
            browser.post(&format!("/o/{slug}/login"), &[("username", EMAIL)]).await.is(404);
            password(&mut browser, slug, EMAIL, PASSWORD).await.is(404);
        }
    }

    async fn what_is_no_email_is_told_so(t) {
        let mut browser = Browser::new(&app(t));
        for door in ["/login", "/o/acme/login", "/reset"] {
            for typed in ["", "ana", "a b@example.test", "ana@", "ana@example.test+x", "\u{0}@example.test"] {
                let page = browser.post(door, &[("username", typed)]).await;
                page.is(400);
                assert!(page.body.contains("role=\"alert\""), "{door} {typed:?}");
            }
            browser.post(door, &[("username", &format!("{}@example.test", "a".repeat(5000)))]).await.is(400);
            browser.post(door, &[]).await.is(400);
        }
    }
}
