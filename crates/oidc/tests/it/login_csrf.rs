//! Class: login CSRF and session fixation. A request that waits belongs to the browser that brought it, and counts only
//! with the sign-in that it asked for.

use crate::harness::{Browser, Rp, oidc, query_of};

both! {
    async fn a_request_waits_for_the_sign_in_and_goes_on(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        let answer = browser.get(t, &rp.auth(&[("login_hint", "ana@example.test")])).await;
        assert!(answer.location().starts_with("/o/acme/login?flow="));
        assert!(answer.header("set-cookie").contains("; HttpOnly; SameSite=Lax"));
        let resume = resume_of(answer.location());
        // Without a sign-in it leads back to it, as often as it is asked.
        for _ in 0..2 {
            assert_eq!(browser.get(t, &resume).await.location(), answer.location());
        }
        let before = browser.cookie();
        browser.sign_in(t, &t.acme, &ana).await;
        assert_ne!(browser.cookie(), before);
        let params = browser.get(t, &resume).await.redirected_to(Rp::REDIRECT_URI);
        assert_eq!((params["state"].as_str(), params["iss"].as_str()), ("s1", rp.issuer().as_str()));
        rp.redeem(t, &params["code"]).await.ok();
        // Used up.
        assert!(browser.get(t, &resume).await.page(400).contains("This sign-in is over"));
    }

    async fn another_browser_cannot_finish_it(t) {
        let ana = t.person(&t.acme, "ana").await;
        let mallory = t.person(&t.acme, "mallory").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let attacker = Browser::new();
        let resume = resume_of(attacker.get(t, &rp.auth(&[])).await.location());
        attacker.sign_in(t, &t.acme, &mallory).await;
        let victim = Browser::new();
        victim.get(t, &resume).await.page(400);
        victim.sign_in(t, &t.acme, &ana).await;
        victim.get(t, &resume).await.page(400);
    }

    async fn another_organization_cannot_finish_it(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        let resume = resume_of(browser.get(t, &rp.auth(&[])).await.location());
        browser.sign_in(t, &t.acme, &ana).await;
        browser.get(t, &resume.replace("/o/acme/", "/o/blue/")).await.page(400);
        browser.get(t, &resume).await.redirected_to(Rp::REDIRECT_URI);
    }

    async fn an_old_session_does_not_pass_for_a_new_sign_in(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        for extra in [("prompt", "login"), ("prompt", "select_account"), ("max_age", "0"), ("max_age", "10")] {
            let browser = Browser::new();
            browser.sign_in(t, &t.acme, &ana).await;
            t.later(11);
            let login = browser.get(t, &rp.auth(&[extra])).await.location().to_owned();
            let resume = resume_of(&login);
            assert_eq!(browser.get(t, &resume).await.location(), login, "{extra:?}");
            t.later(1);
            let session = browser.sign_in(t, &t.acme, &ana).await;
            let params = browser.get(t, &resume).await.redirected_to(Rp::REDIRECT_URI);
            let tokens = rp.redeem(t, &params["code"]).await.ok();
            let claims = rp.open(t, &tokens["id_token"]).await.claims;
            assert_eq!(claims["auth_time"], session.auth_at.seconds());
        }
    }

    async fn a_waiting_request_ends_after_an_hour(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        let resume = resume_of(browser.get(t, &rp.auth(&[])).await.location());
        t.later(3601);
        browser.sign_in(t, &t.acme, &ana).await;
        browser.get(t, &resume).await.page(400);
        for nonsense in ["", "?flow=", "?flow=x", "?flow=000000000000000000000000", "?flow=1&flow=2"] {
            browser.get(t, &rp.at(&format!("/oauth2/auth/resume{nonsense}"))).await.page(400);
        }
    }

    async fn what_changed_meanwhile_is_looked_at_again(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        let resume = resume_of(browser.get(t, &rp.auth(&[])).await.location());
        browser.sign_in(t, &t.acme, &ana).await;
        t.set_active(&rp, false).await;
        browser.get(t, &resume).await.page(403);
        t.set_active(&rp, true).await;
        let elsewhere = vec!["https://new.example.test/".to_owned()];
        t.set_oidc(&rp, muster_directory::application::Oidc { redirect_uris: elsewhere, ..oidc() }).await;
        browser.get(t, &resume).await.page(400);
        t.set_oidc(&rp, oidc()).await;
        browser.get(t, &resume).await.redirected_to(Rp::REDIRECT_URI);
    }
}

/// Where the sign-in pages send the browser afterwards.
fn resume_of(login: &str) -> String {
    format!("/o/acme/oauth2/auth/resume?flow={}", query_of(login)["flow"])
}
