//! Who asks as a person.

use axum::Router;
use axum::routing::get;
use http::Method;
use muster_directory::user::State;
use muster_http::{Me, cookie};
use muster_testkit::{Browser, Page, Test, both, object};
use serde_json::json;

fn app(t: &Test) -> Router {
    t.app(
        Router::new()
            .route("/me", get(|me: Me| async move { format!("{} {}", me.user.username, me.organization.slug) })),
    )
}

async fn asked(browser: &mut Browser, org: &str) -> Page {
    browser.send(Method::GET, "/me", &[("x-org-id", org)], None).await
}

both! {
    async fn tenant_isolation_a_session_is_of_one_organization(t) {
        let ana = t.person(t.acme, "ana").await;
        t.person(t.blue, "ana").await;
        let mut browser = Browser::new(&app(t));
        let (acme, blue) = (t.acme.id.text(), t.blue.id.text());
        asked(&mut browser, &acme).await.is(401);
        let cookie = t.session(Some(t.acme), ana.id).await.cookie;
        browser.cookies.insert(cookie::name(&t.site).into(), cookie.expose().into());
        assert_eq!(asked(&mut browser, &acme).await.body, "ana acme");
        let foreign = asked(&mut browser, &blue).await;
        let unknown = asked(&mut browser, "0123456789abcdef01234567").await;
        foreign.is(401);
        assert_eq!((foreign.status, foreign.body), (unknown.status, unknown.body));
        // The name in the portal's address serves as well; neither is nobody.
        assert_eq!(browser.get("/me?org=acme").await.body, "ana acme");
        for path in ["/me", "/me?org=", "/me?org=blue", "/me?org=nobody", "/me?org=%00"] {
            browser.get(path).await.is(401);
        }
        asked(&mut browser, "x").await.is(400).says("x-org-id");
    }

    async fn deactivated_user_keeps_access_neither_suspended_nor_removed_nor_staged(t) {
        let acme = t.acme.id.text();
        for what in ["suspended", "staged", "removed"] {
            let ana = t.person(t.acme, "ana").await;
            let mut browser = Browser::new(&app(t));
            let cookie = t.session(Some(t.acme), ana.id).await.cookie;
            browser.cookies.insert(cookie::name(&t.site).into(), cookie.expose().into());
            asked(&mut browser, &acme).await.is(200);
            match what {
                "suspended" => t.set_state(t.acme, ana.id, State::Suspended).await,
                "staged" => t.set_state(t.acme, ana.id, State::Staged).await,
                _ => t.remove(t.acme, ana.id).await,
            }
            asked(&mut browser, &acme).await.is(401);
            if what != "removed" {
                // Let in again, they have to sign in again.
                t.set_state(t.acme, ana.id, State::Activated).await;
                asked(&mut browser, &acme).await.is(401);
                t.remove(t.acme, ana.id).await;
            }
        }
    }

    async fn a_session_rests_as_long_as_the_organization_says(t) {
        let ana = t.person(t.acme, "ana").await;
        let settings = object(json!({"userPortal": {"idleSessionDurationMinutes": 5}}));
        t.write(t.acme, muster_directory::organization::update::Update { name: None, settings }).await.unwrap();
        let mut browser = Browser::new(&app(t));
        let cookie = t.session(Some(t.acme), ana.id).await.cookie;
        browser.cookies.insert(cookie::name(&t.site).into(), cookie.expose().into());
        let acme = t.acme.id.text();
        for _ in 0..3 {
            t.later(299);
            asked(&mut browser, &acme).await.is(200);
        }
        t.later(300);
        asked(&mut browser, &acme).await.is(401);
    }
}
