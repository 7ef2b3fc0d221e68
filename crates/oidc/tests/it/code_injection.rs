//! Class: code injection. A code belongs to its client and return address; an attempt by another client changes nothing.

use muster_directory::application::Oidc;

use crate::harness::{Browser, Rp, VERIFIER, oidc};

both! {
    async fn a_code_of_another_client_is_unknown_and_stays_good(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let thief = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let code = rp.code(t, &browser, &[]).await;
        let stolen = thief.redeem(t, &code).await;
        let unknown = thief.redeem(t, "unknown").await;
        assert_eq!(stolen.error(), (400, "invalid_grant".into()));
        assert_eq!(stolen.body, unknown.body);
        let tokens = rp.redeem(t, &code).await.ok();
        // Not even knowing a used code lets another client take back what came of it.
        thief.redeem(t, &code).await;
        assert_eq!(rp.userinfo(t, tokens["access_token"].as_str().unwrap()).await.status, 200);
    }

    async fn a_code_goes_to_the_address_it_was_sent_to(t) {
        let ana = t.person(&t.acme, "ana").await;
        let second = "https://app.example.test/second";
        let uris = vec![Rp::REDIRECT_URI.to_owned(), second.to_owned()];
        let rp = t.app_for(&t.acme, &ana, Oidc { redirect_uris: uris, ..oidc() }).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let code = rp.code(t, &browser, &[]).await;
        let answer = rp.redeem_with(t, &code, Some(VERIFIER), second).await;
        assert_eq!(answer.error(), (400, "invalid_grant".into()));
        let code = rp.code(t, &browser, &[("redirect_uri", Rp::REDIRECT_URI)]).await;
        rp.redeem(t, &code).await.ok();
    }
}
