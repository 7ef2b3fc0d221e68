//! The first run: once, with the token that the server printed, keeping what was typed.

use muster_testkit::{Browser, PASSWORD, Setup, Test, both};

use crate::door::app;

const TOKEN: &str = "printed-at-the-start";

fn empty() -> Setup {
    Setup { setup_token: Some(TOKEN), ..Setup::default() }
}

async fn organizations(t: &Test) -> i64 {
    muster_directory::organization::store::count(&mut t.directory.read()).await.unwrap()
}

const RIGHT: &[(&str, &str)] =
    &[("token", TOKEN), ("organization", "First & Co"), ("username", "root@first.test"), ("password", PASSWORD)];

both! {
    async fn only_with_the_token(t) with empty(); {
        let mut browser = Browser::new(&app(t));
        for address in ["/setup", "/setup?token=", "/setup?token=x", "/setup?token=printed-at-the-star"] {
            browser.get(address).await.is(403).says("The server printed an address");
        }
        for token in ["", "x", "PRINTED-AT-THE-START"] {
            let mut fields = RIGHT.to_vec();
            fields[0].1 = token;
            browser.post("/setup", &fields).await.is(403);
        }
        browser.post("/setup", &RIGHT[1..]).await.is(403);
        assert_eq!(organizations(t).await, 0);
    }

    async fn it_makes_the_organization_and_signs_the_administrator_in(t) with empty(); {
        let mut browser = Browser::new(&app(t));
        let page = browser.get(&format!("/setup?token={TOKEN}")).await;
        let page = browser.submit(&page, &RIGHT[1..]).await;
        assert_eq!(page.location(), "/console/first-co/");
        assert_eq!(browser.get("/console").await.location(), "/console/first-co/");
        // Once: the token is worth nothing afterwards.
        assert_eq!(browser.get(&format!("/setup?token={TOKEN}")).await.location(), "/console");
        assert_eq!(Browser::new(&app(t)).post("/setup", RIGHT).await.location(), "/console");
        assert_eq!(organizations(t).await, 1);
        let login = [("username", "root@first.test"), ("password", PASSWORD)];
        assert_eq!(Browser::new(&app(t)).post("/login/admin", &login).await.location(), "/console");
    }

    async fn a_form_that_is_sent_twice_is_done_once(t) with empty(); {
        let twice = [(); 3].map(|()| {
            let app = app(t);
            tokio::spawn(async move { Browser::new(&app).post("/setup", RIGHT).await.header("location").to_owned() })
        });
        let mut led = Vec::new();
        for handle in twice {
            led.push(handle.await.unwrap());
        }
        led.sort();
        assert_eq!(led, ["/console", "/console", "/console/first-co/"]);
        assert_eq!(organizations(t).await, 1);
    }

    async fn errors_keep_what_was_typed(t) with empty(); {
        let mut browser = Browser::new(&app(t));
        for (field, wrong, told) in [
            ("organization", "", "name"),
            ("organization", "  ", "name"),
            ("username", "root", "email"),
            ("password", "short", "at least 12 characters"),
            ("password", "password12345", "easy to guess"),
            ("provider", &"p".repeat(300), "at most 255 characters"),
        ] {
            let page = browser.get(&format!("/setup?token={TOKEN}")).await;
            let mut typed = RIGHT[1..].to_vec();
            typed.push((field, wrong));
            let page = browser.submit(&page, &typed).await;
            page.is(400).says(told);
            for (name, value) in &RIGHT[..3] {
                let shown = if *name == field { wrong } else { value };
                assert_eq!(page.form().value(name), Some(shown), "{field}");
            }
            assert_eq!(page.form().value("password"), Some(""));
        }
    }

    async fn a_provider_is_made_when_it_is_named(t) with empty(); {
        let mut browser = Browser::new(&app(t));
        let mut fields = RIGHT.to_vec();
        fields.push(("provider", "Looks After All"));
        assert_eq!(browser.post("/setup", &fields).await.location(), "/console/first-co/");
    }

    async fn without_a_token_nobody_sets_up(t) with Setup { setup_token: Some(""), ..Setup::default() }; {
        // An empty token is no token.
        let mut browser = Browser::new(&app(t));
        browser.get("/setup?token=").await.is(403);
    }

    async fn an_installation_that_is_set_up_shows_the_console(t) {
        let mut browser = Browser::new(&app(t));
        assert_eq!(browser.get("/setup").await.location(), "/console");
        assert_eq!(browser.post("/setup", RIGHT).await.location(), "/console");
    }
}
