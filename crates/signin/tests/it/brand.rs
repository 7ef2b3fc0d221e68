//! The organization's logo on its pages; the picture itself is served by `admin`.

use muster_directory::organization;
use muster_testkit::{Browser, both};

use crate::door::app;

const PNG: &[u8] = &[0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];

both! {
    async fn the_door_of_an_organization_shows_its_logo_and_name(t) {
        let mut browser = Browser::new(&app(t));
        let page = browser.get("/o/acme/login").await;
        page.is(200).says("Acme");
        assert!(!page.body.contains("/logos/"));
        t.write(t.acme, organization::update::SetLogo { logo: Some((PNG.to_vec(), "image/png")) }).await.unwrap();
        let page = browser.get("/o/acme/login").await;
        assert!(page.body.contains(&format!("<img src=\"/logos/{}\"", t.acme.id)));
        // `/login` stands before every organization.
        assert!(!browser.get("/login").await.body.contains("Acme"));
    }
}
