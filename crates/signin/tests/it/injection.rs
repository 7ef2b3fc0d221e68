//! Stored XSS: whatever stands in a name is text on every page.

use muster_directory::organization;
use muster_directory::user::State;
use muster_directory::user::token::SendLink;
use muster_testkit::{Browser, Page, both, object};
use serde_json::json;

use crate::door::app;

const CORPUS: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg/onload=alert(1)>",
    "</title></h1></form><form action=https://evil.test>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;&#60;i&#62;",
    "javascript:alert(1)",
    "\u{202e}txet\u{2066}",
    "<!--",
];

/// No tag and no attribute beyond the page's own: as many `<` and `"` as the page with a harmless name has.
fn tags(page: &Page) -> (usize, usize, usize) {
    let count = |c| page.body.matches(c).count();
    (count('<'), count('>'), count('"'))
}

both! {
    async fn stored_xss_names_are_text_on_every_page(t) {
        let ana = t.person_with(t.acme, "ana", json!({}), State::Activated).await;
        t.administrator(t.acme, "root@adm.test", None).await;
        let mut seen = None;
        for name in std::iter::once(&"Harmless").chain(CORPUS) {
            let rename = organization::update::Update {
                name: Some((*name).into()),
                settings: object(json!({"contactName": name})),
            };
            t.write(t.acme, rename).await.unwrap();
            let displayed = object(json!({"displayname": name, "firstname": name, "lastname": name}));
            t.write(t.acme, muster_directory::user::update::Update::profile(ana.id, displayed)).await.unwrap();
            t.later(60);
            t.write(t.acme, SendLink { id: ana.id, by_anyone: false }).await.unwrap();
            let link = t.mailed_links().await.remove(0);
            let mut browser = Browser::new(&app(t));
            let mut pages = vec![
                browser.get("/o/acme/login").await,
                browser.get(&link).await,
                browser.post("/o/acme/login", &[("username", "ana@example.test")]).await,
            ];
            for page in &pages {
                page.is(200).says(&name.split_whitespace().collect::<Vec<_>>().join(" "));
            }
            // What is typed comes back as text too.
            let typed = [("username", *name), ("password", name), ("organization", name), ("token", name), ("to", name)];
            for path in ["/login", "/login/password", "/login/admin", "/o/acme/login", "/o/acme/login/password", "/reset"] {
                let fields = if path == "/reset" { &typed[..1] } else { &typed[..] };
                pages.push(browser.post(path, fields).await);
            }
            let shapes: Vec<_> = pages.iter().map(tags).collect();
            assert_eq!(*seen.get_or_insert(shapes.clone()), shapes, "{name}");
        }
    }

    async fn stored_xss_addresses_are_text_on_every_page(t) {
        t.person(t.acme, "ana").await;
        for name in CORPUS {
            let query: String = url_encoded(name);
            let mut browser = Browser::new(&app(t));
            for path in ["/login", "/login/admin", "/o/acme/login", "/reset", "/activate", "/setup"] {
                for parameter in ["username", "to", "token", "organization"] {
                    let page = browser.get(&format!("{path}?{parameter}={query}")).await;
                    for tag in ["<script>", "<img src=x", "<svg onload", "<svg/onload", "<form action=https", "<!--"] {
                        assert!(!page.body.contains(tag), "{path} {parameter} {name}");
                    }
                    for attribute in ["href", "action", "src"] {
                        assert!(!page.body.contains(&format!("{attribute}=\"javascript:")), "{path} {parameter}");
                    }
                }
            }
        }
    }
}

fn url_encoded(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02x}")).collect()
}
