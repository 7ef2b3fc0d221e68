//! The administrators' door.

use muster_directory::administrator::update::Update;
use muster_directory::session::{self, Kind};
use muster_testkit::{Browser, PASSWORD, both};

use crate::door::{app, row, sign_in};

both! {
    async fn it_opens_the_console_and_nothing_else(t) {
        let (root, _) = t.administrator(t.acme, "root@adm.test", Some(PASSWORD)).await;
        let mut browser = Browser::new(&app(t));
        let page = browser.get("/login/admin?to=/console/acme/users?x=1").await;
        let page = browser.submit(&page, &[("username", " Root@Adm.Test"), ("password", PASSWORD)]).await;
        assert_eq!(page.location(), "/console/acme/users?x=1");
        let browser_row = row(t, &browser).await.unwrap();
        let session = session::store::current(&mut t.directory.read(), browser_row, None, Kind::Admin).await.unwrap();
        assert_eq!(session.unwrap().principal, root);
        assert!(t.events(t.acme).await.is_empty(), "it is no event of an organization");
        // It is not a person's session.
        browser.get("/o/acme/login").await.is(200);
        assert_eq!(browser.get("/portal").await.location(), "/login");
    }

    async fn open_redirect_only_the_console_is_gone_on_to(t) {
        t.administrator(t.acme, "root@adm.test", Some(PASSWORD)).await;
        for to in ["//evil.test", "/portal/acme/", "/console//evil.test", "/console/\\evil", "https://evil.test", "/consolex/"] {
            let mut browser = Browser::new(&app(t));
            let page = browser.get(&format!("/login/admin?to={to}")).await;
            assert_eq!(page.form().value("to"), Some("/console"));
            let fields = [("username", "root@adm.test"), ("password", PASSWORD), ("to", to)];
            assert_eq!(browser.post("/login/admin", &fields).await.location(), "/console", "{to}");
        }
    }

    async fn a_persons_password_opens_it_not_nor_theirs_the_portal(t) {
        t.person(t.acme, "ana").await;
        t.administrator(t.acme, "root@adm.test", Some(PASSWORD)).await;
        let mut browser = Browser::new(&app(t));
        browser.post("/login/admin", &[("username", "ana@example.test"), ("password", PASSWORD)]).await.is(400);
        sign_in(&mut browser, "/o/acme/login", "root@adm.test", PASSWORD).await.is(400);
        sign_in(&mut browser, "/login", "root@adm.test", PASSWORD).await.is(400);
    }

    async fn a_suspended_one_is_out_with_every_session(t) {
        let (root, _) = t.administrator(t.acme, "root@adm.test", Some(PASSWORD)).await;
        let mut browser = Browser::new(&app(t));
        let right = [("username", "root@adm.test"), ("password", PASSWORD)];
        browser.post("/login/admin", &right).await.leads_on();
        assert_eq!(browser.get("/console").await.location(), "/console/acme/");
        t.write(t.acme, Update { id: root, firstname: None, lastname: None, suspended: Some(true) }).await.unwrap();
        assert_eq!(browser.get("/console").await.location(), "/login/admin");
        browser.post("/login/admin", &right).await.is(400).says("do not match");
        t.write(t.acme, Update { id: root, firstname: None, lastname: None, suspended: Some(false) }).await.unwrap();
        assert_eq!(browser.get("/console").await.location(), "/login/admin");
        browser.post("/login/admin", &right).await.leads_on();
    }

    async fn federation_admits_people_never_administrators(t) {
        t.administrator(t.acme, "ana@example.test", Some(PASSWORD)).await;
        let ana = t.person(t.acme, "ana").await;
        let idp = t.provider(t.acme, "Okta", "https://okta.example").await.id;
        t.federate(t.acme, ana.id).await;
        t.route(t.acme, idp, &[ana.id]).await;
        let mut browser = Browser::new(&app(t));
        let right = [("username", "ana@example.test"), ("password", PASSWORD)];
        assert_eq!(browser.post("/login/admin", &right).await.location(), "/console");
    }
}
