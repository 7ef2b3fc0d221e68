//! Who asks as an administrator, and about which organization.

use axum::Router;
use axum::routing::get;
use http::Method;
use muster_base::Id;
use muster_directory::administrator::{api_key, grant, update};
use muster_directory::session::model::{ADMIN_IDLE_S, ADMIN_SESSION_TTL_S};
use muster_http::{Admin, AdminOrg, cookie};
use muster_testkit::{Browser, Page, Test, both};

fn app(t: &Test) -> Router {
    let who = |asked: Admin| async move { asked.admin.id.text() };
    let which = |asked: AdminOrg| async move { asked.organization.slug };
    t.app(Router::new().route("/who", get(who)).route("/which", get(which)))
}

/// An administrator of Acme with a key.
async fn with_key(t: &Test, email: &str) -> (Id, String) {
    let (id, _) = t.administrator(t.acme, email, None).await;
    let (key, ..) = api_key::create(&t.directory, id).await.unwrap();
    (id, key.expose().to_owned())
}

async fn asked(t: &Test, path: &str, headers: &[(&str, &str)]) -> Page {
    Browser::new(&app(t)).send(Method::GET, path, headers, None).await
}

async fn suspend(t: &Test, id: Id, suspended: bool) {
    let verb = update::Update { id, firstname: None, lastname: None, suspended: Some(suspended) };
    t.write(t.acme, verb).await.unwrap();
}

/// A browser in which an administrator is signed in.
async fn signed_in(t: &Test, admin: Id) -> Browser {
    let mut browser = Browser::new(&app(t));
    let cookie = t.session(None, admin).await.cookie;
    browser.cookies.insert(cookie::name(&t.site).into(), cookie.expose().into());
    browser
}

both! {
    async fn nobody_is_let_in_without_credentials(t) {
        let (_, key) = with_key(t, "root@adm.test").await;
        for headers in [
            vec![],
            vec![("x-api-key", "")],
            vec![("x-api-key", "jca_")],
            vec![("x-api-key", &key[..key.len() - 1])],
            vec![("authorization", &*format!("Bearer {key}"))],
            vec![("x-org-id", &*t.acme.id.text())],
        ] {
            for path in ["/who", "/which"] {
                let page = asked(t, path, &headers).await;
                page.is(401);
                assert_eq!(page.body, r#"{"message":"Unauthorized","error":"Unauthorized","status":401}"#);
                assert_eq!(page.header("cache-control"), "no-store");
            }
        }
        asked(t, "/who", &[("x-api-key", &key)]).await.is(200);
    }

    async fn a_key_is_its_administrators_until_it_is_replaced(t) {
        let (id, key) = with_key(t, "root@adm.test").await;
        let page = asked(t, "/who", &[("x-api-key", &key)]).await;
        assert_eq!(page.body, id.text());
        let (new, ..) = api_key::create(&t.directory, id).await.unwrap();
        asked(t, "/who", &[("x-api-key", &key)]).await.is(401);
        asked(t, "/who", &[("x-api-key", new.expose())]).await.is(200);
        api_key::delete(&t.directory, id).await.unwrap();
        asked(t, "/who", &[("x-api-key", new.expose())]).await.is(401);
    }

    async fn a_suspended_administrator_is_nobody(t) {
        let (id, key) = with_key(t, "root@adm.test").await;
        let mut browser = signed_in(t, id).await;
        browser.get("/who").await.is(200);
        suspend(t, id, true).await;
        asked(t, "/who", &[("x-api-key", &key)]).await.is(401);
        browser.get("/who").await.is(401);
        suspend(t, id, false).await;
        asked(t, "/who", &[("x-api-key", &key)]).await.is(200);
        browser.get("/who").await.is(401);
    }

    async fn a_key_that_is_wrong_is_not_mended_by_a_session(t) {
        let (id, _) = with_key(t, "root@adm.test").await;
        let mut browser = signed_in(t, id).await;
        browser.send(Method::GET, "/who", &[("x-api-key", "jca_wrong")], None).await.is(401);
    }

    async fn a_persons_session_is_no_administrators(t) {
        let ana = t.person(t.acme, "ana").await;
        let mut browser = Browser::new(&app(t));
        let cookie = t.session(Some(t.acme), ana.id).await.cookie;
        browser.cookies.insert(cookie::name(&t.site).into(), cookie.expose().into());
        browser.get("/who").await.is(401);
    }

    async fn a_session_ends_by_rest(t) {
        let (id, _) = with_key(t, "root@adm.test").await;
        let mut browser = signed_in(t, id).await;
        // To the minute: a use within the minute is not written down.
        t.later(ADMIN_IDLE_S - 1);
        browser.get("/who").await.is(200);
        t.later(ADMIN_IDLE_S - 1);
        browser.get("/who").await.is(200);
        t.later(ADMIN_IDLE_S);
        browser.get("/who").await.is(401);
    }

    async fn a_session_ends_by_age_however_much_it_is_used(t) {
        let (id, _) = with_key(t, "root@adm.test").await;
        let mut browser = signed_in(t, id).await;
        for _ in 1..ADMIN_SESSION_TTL_S / 1800 {
            t.later(1800);
            browser.get("/who").await.is(200);
        }
        t.later(1800);
        browser.get("/who").await.is(401);
    }

    async fn tenant_isolation_the_organization_is_one_that_they_reach(t) {
        let (id, key) = with_key(t, "root@adm.test").await;
        let key = ("x-api-key", key.as_str());
        // The right one, as the control; without the header the only one.
        assert_eq!(asked(t, "/which", &[key, ("x-org-id", &t.acme.id.text())]).await.body, "acme");
        assert_eq!(asked(t, "/which", &[key]).await.body, "acme");
        let foreign = asked(t, "/which", &[key, ("x-org-id", &t.blue.id.text())]).await;
        let unknown = asked(t, "/which", &[key, ("x-org-id", "0123456789abcdef01234567")]).await;
        foreign.is(404);
        assert_eq!(foreign.body, r#"{"message":"Not Found","error":"NOT_FOUND","status":404}"#);
        assert_eq!((foreign.status, foreign.body), (unknown.status, unknown.body));
        for malformed in ["", "x", "0123456789abcdef0123456", "0123456789abcdef012345678", "0123456789abcdef0123456g", "a,b"] {
            let page = asked(t, "/which", &[key, ("x-org-id", malformed)]).await;
            page.is(400);
            assert!(page.body.contains(r#""field":"x-org-id""#), "{malformed}: {}", page.body);
        }
        // With two of them it has to be said.
        t.write(t.blue, grant::Grant::to(id)).await.unwrap();
        asked(t, "/which", &[key]).await.is(401).says("x-org-id");
        assert_eq!(asked(t, "/which", &[key, ("x-org-id", &t.blue.id.text())]).await.body, "blue");
    }

    async fn an_administrator_who_reaches_nothing_is_told_so(t) {
        let create = muster_directory::administrator::create::Create {
            email: "nobody@adm.test".into(),
            ..muster_directory::administrator::create::Create::default()
        };
        let (admin, _) = muster_directory::administrator::create::create(&t.directory, create).await.unwrap();
        let (key, ..) = api_key::create(&t.directory, admin.id).await.unwrap();
        asked(t, "/who", &[("x-api-key", key.expose())]).await.is(200);
        asked(t, "/which", &[("x-api-key", key.expose())]).await.is(403).says("you reach no organization");
        asked(t, "/which", &[("x-api-key", key.expose()), ("x-org-id", &t.acme.id.text())]).await.is(404);
    }
}
