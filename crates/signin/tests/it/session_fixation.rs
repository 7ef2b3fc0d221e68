//! Session fixation: the cookie's value changes when someone signs in, and only a value we gave is believed.

use muster_testkit::{Browser, PASSWORD, Setup, both};

use crate::door::{COOKIE, app, row, sign_in};

both! {
    async fn session_fixation_the_planted_cookie_is_dead_after_the_sign_in(t) {
        t.person(t.acme, "ana").await;
        t.person(t.blue, "eve").await;
        // An attacker's own cookie, valid, put into the victim's browser.
        let mut attacker = Browser::new(&app(t));
        sign_in(&mut attacker, "/o/blue/login", "eve@example.test", PASSWORD).await.leads_on();
        let planted = attacker.cookies.clone();
        let mut victim = Browser::new(&app(t));
        victim.cookies.clone_from(&planted);
        sign_in(&mut victim, "/o/acme/login", "ana@example.test", PASSWORD).await.leads_on();
        assert_ne!(victim.cookies, planted);
        assert!(row(t, &victim).await.is_some());
        assert_eq!(row(t, &attacker).await, None);
        attacker.get("/o/acme/login").await.is(200);
        assert_eq!(victim.get("/o/acme/login").await.location(), "/portal/acme/");
    }

    async fn session_fixation_the_cookie_changes_at_every_sign_in(t) {
        let ana = t.person(t.acme, "ana").await;
        t.administrator(t.acme, "root@adm.test", Some(PASSWORD)).await;
        let mut browser = Browser::new(&app(t));
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..3 {
            let fields = [("username", "ana@example.test"), ("password", PASSWORD)];
            browser.post("/o/acme/login/password", &fields).await.leads_on();
            assert!(seen.insert(browser.cookies[COOKIE].clone()));
        }
        assert_eq!(t.sessions(t.acme, ana.id).await.len(), 1, "the same person, once more");
        let fields = [("username", "root@adm.test"), ("password", PASSWORD)];
        browser.post("/login/admin", &fields).await.leads_on();
        assert!(seen.insert(browser.cookies[COOKIE].clone()));
        assert_eq!(browser.cookies.len(), 1);
    }

    async fn session_fixation_a_cookie_is_believed_whole_or_not_at_all(t) {
        t.person(t.acme, "ana").await;
        let mut browser = Browser::new(&app(t));
        let page = sign_in(&mut browser, "/o/acme/login", "ana@example.test", PASSWORD).await;
        let attributes = page.header("set-cookie").split_once(';').unwrap().1.to_owned();
        assert_eq!(attributes, " Path=/; HttpOnly; SameSite=Lax; Max-Age=34560000; Secure");
        let right = browser.cookies[COOKIE].clone();
        let other = right.chars().rev().collect::<String>();
        let control = format!("a=b; {COOKIE}={right};c=d");
        let believed = |line: String| {
            let mut browser = Browser::new(&app(t));
            browser.headers.push(("cookie", line));
            async move { browser.get("/o/acme/login").await.status.is_redirection() }
        };
        assert!(believed(control).await);
        for line in [
            format!("{COOKIE}={right}; {COOKIE}={right}"),
            format!("{COOKIE}={right}; {COOKIE}={other}"),
            format!("{COOKIE}={other}; {COOKIE}={right}"),
            format!("{COOKIE}=; {COOKIE}={right}"),
            format!("{COOKIE}={right}x"),
            format!("{COOKIE}=\"{right}\""),
            format!("{COOKIE}={}", &right[1..]),
            format!("{COOKIE}={}", "A".repeat(43)),
            format!("{COOKIE}={}", "%".repeat(43)),
            format!("muster_browser={right}"),
            format!("__host-muster_browser={right}"),
            COOKIE.to_owned(),
            "=".to_owned(),
            ";;;".to_owned(),
            format!("{COOKIE}={}", "A".repeat(100_000)),
        ] {
            assert!(!believed(line.clone()).await, "{line}");
        }
        // Twice over two header lines.
        let mut twice = Browser::new(&app(t));
        twice.headers.extend([("cookie", format!("{COOKIE}={right}")), ("cookie", format!("{COOKIE}={right}"))]);
        twice.get("/o/acme/login").await.is(200);
        // The row of a browser not seen for over a year is nobody's.
        t.later(401 * 86_400);
        assert_eq!(row(t, &browser).await, None);
    }

    async fn session_fixation_on_plain_http_the_cookie_has_another_name(t)
        with Setup { public_url: "http://127.0.0.1:8080", ..Setup::default() };
    {
        t.person(t.acme, "ana").await;
        let mut browser = Browser::new(&app(t));
        let page = sign_in(&mut browser, "/o/acme/login", "ana@example.test", PASSWORD).await;
        assert!(page.header("set-cookie").ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=34560000"));
        assert!(browser.cookies.contains_key("muster_browser"));
        assert_eq!(browser.get("/o/acme/login").await.location(), "/portal/acme/");
    }
}
