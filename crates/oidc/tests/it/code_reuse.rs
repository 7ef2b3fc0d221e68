//! Class: replay of a code. The second use is refused and takes back what the first one gave (RFC 6749 section 4.1.2).

use crate::harness::{Browser, oidc, public};

both! {
    async fn a_second_use_revokes_everything(t) {
        let ana = t.person(&t.acme, "ana").await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        for oidc in [oidc(), public()] {
            let rp = t.app_for(&t.acme, &ana, oidc).await;
            let code = rp.code(t, &browser, &[]).await;
            let tokens = rp.redeem(t, &code).await.ok();
            let access_token = tokens["access_token"].as_str().unwrap();
            let refresh_token = tokens["refresh_token"].as_str().unwrap();
            assert_eq!(rp.userinfo(t, access_token).await.status, 200);
            assert_eq!(rp.redeem(t, &code).await.error(), (400, "invalid_grant".into()));
            assert_eq!(rp.userinfo(t, access_token).await.error(), (401, "invalid_token".into()));
            assert_eq!(rp.refresh(t, refresh_token).await.error(), (400, "invalid_grant".into()));
        }
    }

    async fn a_late_second_use_revokes_too(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let code = rp.code(t, &browser, &[]).await;
        let tokens = rp.redeem(t, &code).await.ok();
        t.later(1800);
        assert_eq!(rp.redeem(t, &code).await.error(), (400, "invalid_grant".into()));
        let access_token = tokens["access_token"].as_str().unwrap();
        assert_eq!(rp.userinfo(t, access_token).await.error(), (401, "invalid_token".into()));
    }

    async fn a_second_use_with_a_wrong_verifier_revokes_too(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let code = rp.code(t, &browser, &[]).await;
        let tokens = rp.redeem(t, &code).await.ok();
        rp.redeem_with(t, &code, None, "https://elsewhere.test/").await;
        assert_eq!(rp.userinfo(t, tokens["access_token"].as_str().unwrap()).await.status, 401);
    }

    async fn other_grants_of_the_person_go_on(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let tokens = rp.tokens(t, &browser, &[]).await;
        let code = rp.code(t, &browser, &[]).await;
        rp.redeem(t, &code).await.ok();
        rp.redeem(t, &code).await;
        assert_eq!(rp.userinfo(t, tokens["access_token"].as_str().unwrap()).await.status, 200);
    }
}
