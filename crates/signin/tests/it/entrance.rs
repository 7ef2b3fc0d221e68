//! `/`, `/portal` and `/console` without an organization.

use muster_testkit::{Browser, PASSWORD, Setup, both};

use crate::door::{app, sign_in};

both! {
    async fn each_leads_on_to_where_the_browser_is_signed_in(t) {
        t.person(t.acme, "ana").await;
        t.person(t.blue, "ben").await;
        t.administrator(t.blue, "root@adm.test", Some(PASSWORD)).await;
        let mut browser = Browser::new(&app(t));
        assert_eq!(browser.get("/").await.location(), "/portal");
        assert_eq!(browser.get("/portal").await.location(), "/login");
        assert_eq!(browser.get("/console").await.location(), "/login/admin");
        sign_in(&mut browser, "/o/acme/login", "ana@example.test", PASSWORD).await.leads_on();
        assert_eq!(browser.get("/portal").await.location(), "/portal/acme/");
        t.later(1);
        sign_in(&mut browser, "/o/blue/login", "ben@example.test", PASSWORD).await.leads_on();
        assert_eq!(browser.get("/portal").await.location(), "/portal/blue/", "the last one");
        browser.post("/login/admin", &[("username", "root@adm.test"), ("password", PASSWORD)]).await.leads_on();
        assert_eq!(browser.get("/").await.location(), "/console");
        assert_eq!(browser.get("/console").await.location(), "/console/blue/");
    }

    async fn a_session_that_ended_leads_nowhere(t) {
        let ana = t.person(t.acme, "ana").await;
        t.administrator(t.blue, "root@adm.test", Some(PASSWORD)).await;
        let mut browser = Browser::new(&app(t));
        sign_in(&mut browser, "/o/acme/login", "ana@example.test", PASSWORD).await.leads_on();
        browser.post("/login/admin", &[("username", "root@adm.test"), ("password", PASSWORD)]).await.leads_on();
        t.later(3600);
        assert_eq!(browser.get("/console").await.location(), "/login/admin");
        assert_eq!(browser.get("/portal").await.location(), "/portal/acme/");
        t.later(8 * 3600);
        assert_eq!(browser.get("/portal").await.location(), "/login");
        sign_in(&mut browser, "/o/acme/login", "ana@example.test", PASSWORD).await.leads_on();
        t.set_state(t.acme, ana.id, muster_directory::user::State::Suspended).await;
        assert_eq!(browser.get("/portal").await.location(), "/login");
    }

    async fn an_empty_installation_leads_to_the_first_run(t)
        with Setup { setup_token: Some("first"), ..Setup::default() };
    {
        assert_eq!(Browser::new(&app(t)).get("/").await.location(), "/setup");
    }

    async fn the_stylesheet_is_served(t) {
        let page = Browser::new(&app(t)).get("/signin/style.css").await;
        assert_eq!(page.header("content-type"), "text/css; charset=utf-8");
    }
}
