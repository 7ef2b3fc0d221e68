//! Logos: a picture and nothing else, of exactly the organization that the address names.

use muster_directory::application::{self, Doc};
use muster_directory::organization;
use muster_testkit::{Browser, both};

use crate::door::app;

const PNG: &[u8] = &[0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];

both! {
    async fn stored_xss_a_logo_is_served_as_a_picture_in_a_sandbox(t) {
        t.write(t.acme, organization::update::SetLogo { logo: Some((PNG.to_vec(), "image/png")) }).await.unwrap();
        let create = application::create::Create { name: "oidc".into(), doc: document("Wiki"), active: true };
        let wiki = t.write(t.acme, create).await.unwrap();
        let set = application::logo::SetLogo { app: wiki.id, logo: Some((b"GIF89a...".to_vec(), "image/gif")) };
        t.write(t.acme, set).await.unwrap();
        let mut browser = Browser::new(&app(t));
        for (address, kind) in
            [(format!("/logos/{}", t.acme.id), "image/png"), (format!("/logos/{}/{}", t.acme.id, wiki.id), "image/gif")]
        {
            let page = browser.get(&address).await;
            page.is(200);
            assert_eq!(page.header("content-type"), kind);
            assert_eq!(page.header("content-security-policy"), "default-src 'none'; sandbox");
            assert_eq!(page.header("cross-origin-resource-policy"), "same-origin");
        }
        // The page of the organization shows it.
        let page = browser.get("/o/acme/login").await;
        assert!(page.body.contains(&format!("<img src=\"/logos/{}\"", t.acme.id)));
        for address in [
            format!("/logos/{}", t.blue.id),
            format!("/logos/{}/{}", t.blue.id, wiki.id),
            format!("/logos/{}/{}", t.acme.id, t.acme.id),
            format!("/logos/{}", wiki.id),
            "/logos/x".to_owned(),
            "/logos/%00".to_owned(),
            format!("/logos/{}/x", t.acme.id),
            format!("/logos/{}/../{}", t.acme.id, wiki.id),
        ] {
            browser.get(&address).await.is(404);
        }
    }
}

fn document(label: &str) -> Doc {
    Doc { display_label: label.into(), ..Doc::default() }
}
