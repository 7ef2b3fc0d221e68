//! Sign-out ends every session of the browser, and one browser can be signed in to several organizations.

use muster_base::Id;
use muster_db::{Tx, Work};
use muster_directory::application::{Doc, Logout, Oidc, create};
use muster_directory::logout::note::note;
use muster_directory::session::Session;
use muster_testkit::{Browser, PASSWORD, both};

use crate::door::{app, row, sign_in};

/// An application got a token in a session.
struct Noted {
    session: Session,
    app: Id,
}

impl Work for Noted {
    type Out = ();
    type Err = muster_directory::Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> muster_directory::Result<()> {
        let Session { org, id, principal, .. } = &self.session;
        note(tx, org.unwrap(), *id, self.app, *principal, self.session.created_at).await
    }
}

both! {
    async fn one_browser_two_organizations_and_an_administrator(t) {
        let ana = t.person(t.acme, "ana").await;
        let ben = t.person(t.blue, "ben").await;
        t.administrator(t.acme, "root@adm.test", Some(PASSWORD)).await;
        let mut browser = Browser::new(&app(t));
        sign_in(&mut browser, "/o/acme/login", "ana@example.test", PASSWORD).await.leads_on();
        sign_in(&mut browser, "/o/blue/login", "ben@example.test", PASSWORD).await.leads_on();
        browser.post("/login/admin", &[("username", "root@adm.test"), ("password", PASSWORD)]).await.leads_on();
        assert_eq!(browser.get("/o/acme/login").await.location(), "/portal/acme/");
        assert_eq!(browser.get("/o/blue/login").await.location(), "/portal/blue/");
        assert_eq!(browser.get("/console").await.location(), "/console/acme/");
        let other = t.person(t.acme, "other").await;
        let mut elsewhere = Browser::new(&app(t));
        sign_in(&mut elsewhere, "/o/acme/login", "ana@example.test", PASSWORD).await.leads_on();

        let page = browser.get("/logout").await;
        page.is(200).says("This ends every session");
        let page = browser.submit(&page, &[]).await;
        assert_eq!(page.location(), "/logout");
        browser.get("/logout").await.is(200).says("You are signed out.");
        browser.get("/o/acme/login").await.is(200);
        browser.get("/o/blue/login").await.is(200);
        assert_eq!(browser.get("/console").await.location(), "/login/admin");
        assert!(t.sessions(t.blue, ben.id).await.is_empty());
        // The same person elsewhere stays.
        assert_eq!(t.sessions(t.acme, ana.id).await.len(), 1);
        assert_eq!(elsewhere.get("/o/acme/login").await.location(), "/portal/acme/");
        assert!(t.sessions(t.acme, other.id).await.is_empty());
    }

    async fn another_person_in_the_same_organization_takes_the_place(t) {
        let ana = t.person(t.acme, "ana").await;
        let ben = t.person(t.acme, "ben").await;
        let mut browser = Browser::new(&app(t));
        sign_in(&mut browser, "/o/acme/login", "ana@example.test", PASSWORD).await.leads_on();
        let before = row(t, &browser).await;
        let fields = [("username", "ben@example.test"), ("password", PASSWORD)];
        browser.post("/o/acme/login/password", &fields).await.leads_on();
        assert_eq!(row(t, &browser).await, before);
        assert!(t.sessions(t.acme, ana.id).await.is_empty());
        assert_eq!(t.sessions(t.acme, ben.id).await.len(), 1);
    }

    async fn nobody_is_told_that_they_are_signed_out(t) {
        let mut browser = Browser::new(&app(t));
        browser.get("/logout").await.is(200).says("You are signed out.");
        assert_eq!(browser.post("/logout", &[]).await.location(), "/logout");
    }

    async fn applications_are_told_in_this_browser_on_the_way(t) {
        let ana = t.person(t.acme, "ana").await;
        let logout = Logout { frontchannel_logout_uri: Some("https://wiki.example.test/out".into()), ..Logout::default() };
        let oidc = Oidc { redirect_uris: vec!["https://wiki.example.test/cb".into()], logout, ..Oidc::default() };
        let doc = Doc { display_label: "Wiki".into(), oidc: Some(oidc), ..Doc::default() };
        let wiki = t.write(t.acme, create::Create { name: "oidc".into(), doc, active: true }).await.unwrap();
        let mut browser = Browser::new(&app(t));
        sign_in(&mut browser, "/o/acme/login", "ana@example.test", PASSWORD).await.leads_on();
        let session = t.sessions(t.acme, ana.id).await.remove(0);
        t.directory.work(Noted { session, app: wiki.id }).await.unwrap();
        let page = browser.post("/logout", &[]).await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("<iframe src=\"https://wiki.example.test/out\""), "{}", page.body);
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("frame-src https://wiki.example.test;") && policy.contains("script-src 'self'"), "{policy}");
        assert!(t.sessions(t.acme, ana.id).await.is_empty());
        browser.get(muster_http::page::frames::SCRIPT_PATH).await.is(200).says("frames-next");
        browser.get(muster_http::page::form_post::SCRIPT_PATH).await.is(200).says("submit");
    }
}
