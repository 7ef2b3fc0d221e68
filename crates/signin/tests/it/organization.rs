//! An e-mail that several organizations know: which one is typed, never listed.

use muster_testkit::{Browser, PASSWORD, Test, both};

use crate::door::app;

const EMAIL: &str = "ana@example.test";

async fn both_homes(t: &Test) {
    t.person(t.acme, "ana").await;
    let there = t.person(t.blue, "ana").await;
    t.set_password(t.blue, there.id, "another-ocean-88-lamp").await;
}

both! {
    async fn the_organization_is_asked_for_and_never_listed(t) {
        both_homes(t).await;
        for (typed, password, portal) in [
            ("acme", PASSWORD, "/portal/acme/"),
            ("  ACME ", PASSWORD, "/portal/acme/"),
            ("Blue", "another-ocean-88-lamp", "/portal/blue/"),
        ] {
            let mut browser = Browser::new(&app(t));
            let page = browser.get("/login").await;
            let page = browser.submit(&page, &[("username", EMAIL)]).await;
            page.is(200).says("more than one organization");
            for name in ["acme", "Acme", "blue", "Blue"] {
                assert!(!page.body.contains(name), "{name} is listed");
            }
            let page = browser.submit(&page, &[("organization", typed)]).await;
            let page = browser.submit(&page, &[("password", password)]).await;
            assert_eq!(page.location(), portal);
        }
    }

    async fn a_blank_organization_is_asked_for_again(t) {
        both_homes(t).await;
        let mut browser = Browser::new(&app(t));
        let page = browser.post("/login", &[("username", EMAIL), ("organization", " ")]).await;
        page.is(200).says("more than one organization");
    }

    async fn a_wrong_organization_is_mended_on_the_page_that_refuses(t) {
        both_homes(t).await;
        t.person(t.acme, "only-here").await;
        let mut browser = Browser::new(&app(t));
        for (email, typed) in [(EMAIL, "acne"), ("only-here@example.test", "blue")] {
            let page = browser.post("/login", &[("username", email), ("organization", typed)]).await;
            let page = browser.submit(&page, &[("password", PASSWORD)]).await;
            page.is(400).says("do not match");
            assert!(browser.cookies.is_empty());
            let page = browser.submit(&page, &[("organization", "Acme"), ("password", PASSWORD)]).await;
            assert_eq!(page.location(), "/portal/acme/");
            browser.cookies.clear();
        }
        // The password of one organization does not open the other, and without one typed none is tried.
        let fields = [("username", EMAIL), ("password", PASSWORD), ("organization", "blue")];
        browser.post("/login/password", &fields).await.is(400);
        browser.post("/login/password", &fields[..2]).await.is(400);
        assert!(browser.cookies.is_empty());
    }

    async fn a_typed_organization_leads_to_its_provider(t) {
        both_homes(t).await;
        let idp = t.provider(t.blue, "Okta", "https://okta.example").await.id;
        let ana = t.id_of(t.blue, EMAIL).await;
        t.route(t.blue, idp, &[ana]).await;
        let mut browser = Browser::new(&app(t));
        let page = browser.post("/login", &[("username", EMAIL), ("organization", "blue")]).await;
        assert_eq!(page.location(), "/o/blue/federate?username=ana%40example.test");
        browser.post("/login", &[("username", EMAIL), ("organization", "acme")]).await.is(200).says("Password");
    }
}
