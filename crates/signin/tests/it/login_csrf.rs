//! Login CSRF: a form counts only from this site's own page, and a waiting request only in the browser that brought it.

use http::Method;
use muster_base::Id;
use muster_directory::flow::{self, Flow};
use muster_testkit::{Browser, PASSWORD, Test, both};
use serde_json::Value;

use crate::door::{app, row, sign_in};

/// A request that waits in a browser.
pub async fn waiting(t: &Test, browser: Id, fresh: bool, hint: Option<&str>) -> Id {
    let id = t.directory.env().id();
    let flow = Flow {
        org: t.acme.id,
        id,
        browser,
        app: None,
        login_hint: hint.map(str::to_owned),
        payload: Value::Null,
        return_to: format!("/o/acme/oauth2/auth?flow={id}"),
        fresh,
        created_at: t.clock.now(),
    };
    flow::create(&t.directory, &flow).await.unwrap();
    id
}

const FORMS: &[&str] = &[
    "/login",
    "/login/password",
    "/login/admin",
    "/o/acme/login",
    "/o/acme/login/password",
    "/logout",
    "/activate",
    "/activate/admin",
    "/reset",
    "/setup",
];

both! {
    async fn login_csrf_forms_of_other_sites_are_refused(t) {
        t.person(t.acme, "ana").await;
        let fields = [("username", "ana@example.test"), ("password", PASSWORD)];
        let body = "username=ana%40example.test&password=vast-ocean-77-lantern".to_owned();
        for path in FORMS {
            let mut browser = Browser::new(&app(t));
            for site in ["cross-site", "same-site"] {
                let page = browser.post_from(site, path, &fields).await;
                assert_eq!(page.status, 403, "{path} from {site}");
            }
            // A browser that says only the origin.
            for origin in ["https://evil.test", "null", "https://id.example.test.evil.test"] {
                let page = browser.send(Method::POST, path, &[("origin", origin)], Some(body.clone())).await;
                assert_eq!(page.status, 403, "{path} from {origin}");
            }
            assert!(browser.cookies.is_empty());
            let page = browser.send(Method::POST, path, &[("origin", "https://id.example.test")], Some(body.clone())).await;
            assert_ne!(page.status, 403, "{path} from this site");
        }
        // Nobody was signed in by the refused ones; the control at the end was this site's own form.
        let mut browser = Browser::new(&app(t));
        browser.post_from("cross-site", "/o/acme/login/password", &fields).await;
        assert!(browser.cookies.is_empty());
    }

    async fn login_csrf_a_link_elsewhere_signs_nobody_out(t) {
        let ana = t.person(t.acme, "ana").await;
        let mut browser = Browser::new(&app(t));
        sign_in(&mut browser, "/o/acme/login", "ana@example.test", PASSWORD).await;
        browser.get("/logout").await.is(200).says("Sign out");
        browser.post_from("cross-site", "/logout", &[]).await.is(403);
        assert_eq!(t.sessions(t.acme, ana.id).await.len(), 1);
    }

    async fn login_csrf_a_request_of_another_browser_is_not_found(t) {
        t.person(t.acme, "ana").await;
        let mut attacker = Browser::new(&app(t));
        sign_in(&mut attacker, "/o/acme/login", "ana@example.test", PASSWORD).await;
        let flow = waiting(t, row(t, &attacker).await.unwrap(), true, None).await;
        let address = format!("/o/acme/login?flow={flow}");
        attacker.get(&address).await.is(200).says("Log in to your application");
        let mut victim = Browser::new(&app(t));
        victim.get(&address).await.is(404);
        victim.post(&address, &[("username", "ana@example.test")]).await.is(404);
        let fields = [("username", "ana@example.test"), ("password", PASSWORD)];
        victim.post(&format!("/o/acme/login/password?flow={flow}"), &fields).await.is(404);
        assert!(victim.cookies.is_empty(), "the sign-in was not started");
        // A browser that is known is no better than one that is not.
        let mut other = Browser::new(&app(t));
        sign_in(&mut other, "/o/acme/login", "ana@example.test", PASSWORD).await;
        other.get(&address).await.is(404);
        for nonsense in ["x", "000000000000000000000000", "%00"] {
            attacker.get(&format!("/o/acme/login?flow={nonsense}")).await.is(404);
        }
        // Another organization's door does not find it, and an old one is gone.
        attacker.get(&format!("/o/blue/login?flow={flow}")).await.is(404);
        t.later(flow::FLOW_TTL_S);
        attacker.get(&address).await.is(404);
    }
}
