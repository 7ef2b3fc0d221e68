//! Two at once: one wins, and since the other counts as a reuse, what was given ends.

use crate::harness::{Browser, Rp, Test, oidc, public};

async fn revoked(t: &Test, rp: &Rp, access_token: &str) {
    assert_eq!(rp.userinfo(t, access_token).await.error(), (401, "invalid_token".into()));
}

both! {
    async fn of_two_redemptions_one_succeeds_and_the_grant_ends(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        for _ in 0..5 {
            let code = rp.code(t, &browser, &[]).await;
            let (a, b) = tokio::join!(rp.redeem(t, &code), rp.redeem(t, &code));
            let (good, bad) = if a.status == 200 { (a, b) } else { (b, a) };
            let tokens = good.ok();
            assert_eq!(bad.error(), (400, "invalid_grant".into()));
            revoked(t, &rp, tokens["access_token"].as_str().unwrap()).await;
            let answer = rp.refresh(t, tokens["refresh_token"].as_str().unwrap()).await;
            assert_eq!(answer.error(), (400, "invalid_grant".into()));
        }
    }

    async fn of_two_refreshes_of_a_public_client_one_succeeds_and_the_family_ends(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, public()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        for _ in 0..5 {
            let tokens = rp.tokens(t, &browser, &[]).await;
            let token = tokens["refresh_token"].as_str().unwrap();
            let (a, b) = tokio::join!(rp.refresh(t, token), rp.refresh(t, token));
            let (good, bad) = if a.status == 200 { (a, b) } else { (b, a) };
            let next = good.ok();
            assert_eq!(bad.error(), (400, "invalid_grant".into()));
            revoked(t, &rp, next["access_token"].as_str().unwrap()).await;
            let answer = rp.refresh(t, next["refresh_token"].as_str().unwrap()).await;
            assert_eq!(answer.error(), (400, "invalid_grant".into()));
        }
    }

    async fn of_two_refreshes_of_a_client_with_a_secret_both_get_the_one_next_token(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        for _ in 0..5 {
            let tokens = rp.tokens(t, &browser, &[]).await;
            let token = tokens["refresh_token"].as_str().unwrap();
            let (a, b) = tokio::join!(rp.refresh(t, token), rp.refresh(t, token));
            let (a, b) = (a.ok(), b.ok());
            assert_eq!(a["refresh_token"], b["refresh_token"]);
            rp.refresh(t, a["refresh_token"].as_str().unwrap()).await.ok();
        }
    }

    async fn of_two_resumptions_one_gets_the_code(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        let login = browser.get(t, &rp.auth(&[])).await.location().to_owned();
        browser.sign_in(t, &t.acme, &ana).await;
        let resume = login.replace("/login?", "/oauth2/auth/resume?");
        let (a, b) = tokio::join!(browser.get(t, &resume), browser.get(t, &resume));
        assert_eq!([a.status.as_u16(), b.status.as_u16()].iter().filter(|status| **status == 303).count(), 1);
    }
}
