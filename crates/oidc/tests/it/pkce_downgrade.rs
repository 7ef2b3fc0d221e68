//! Class: PKCE downgrade. A challenge can be neither dropped on the way nor left without its verifier, and a verifier
//! without a challenge is refused (RFC 9700 section 4.8.2).

use muster_oauth::pkce;

use muster_directory::application::{Oidc, Requests};

use crate::harness::{Browser, Rp, VERIFIER, oidc, public};

const WITHOUT: [(&str, &str); 2] = [("code_challenge", ""), ("code_challenge_method", "")];

/// An administrator let the client go without PKCE.
fn without_pkce(oidc: Oidc) -> Oidc {
    Oidc { requests: Requests { require_pkce: false, ..oidc.requests }, ..oidc }
}

both! {
    async fn a_public_client_must_use_it(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, public()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        for extra in [WITHOUT.to_vec(), vec![("code_challenge_method", "plain")], vec![("code_challenge_method", "")]] {
            let params = browser.get(t, &rp.auth(&extra)).await.redirected_to(Rp::REDIRECT_URI);
            assert_eq!(params["error"], "invalid_request", "{extra:?}");
        }
    }

    async fn plain_is_refused_for_everybody(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        for extra in [
            vec![("code_challenge", VERIFIER), ("code_challenge_method", "plain")],
            vec![("code_challenge", VERIFIER), ("code_challenge_method", "")],
            vec![("code_challenge", ""), ("code_challenge_method", "S256")],
            vec![("code_challenge", "short")],
        ] {
            let params = browser.get(t, &rp.auth(&extra)).await.redirected_to(Rp::REDIRECT_URI);
            assert_eq!(params["error"], "invalid_request", "{extra:?}");
        }
    }

    async fn a_code_with_a_challenge_needs_its_verifier(t) {
        let ana = t.person(&t.acme, "ana").await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let challenge = pkce::challenge(VERIFIER);
        let other = "A".repeat(43);
        for oidc in [oidc(), public()] {
            let rp = t.app_for(&t.acme, &ana, oidc).await;
            for verifier in [None, Some(other.as_str()), Some(challenge.as_str())] {
                let code = rp.code(t, &browser, &[]).await;
                let answer = rp.redeem_with(t, &code, verifier, Rp::REDIRECT_URI).await;
                assert_eq!(answer.error(), (400, "invalid_grant".into()), "{verifier:?}");
                // The code is spent: it is not a lock to be picked.
                assert_eq!(rp.redeem(t, &code).await.error(), (400, "invalid_grant".into()));
            }
            let code = rp.code(t, &browser, &[]).await;
            let answer = rp.redeem_with(t, &code, Some("tooshort"), Rp::REDIRECT_URI).await;
            assert_eq!(answer.error(), (400, "invalid_request".into()));
        }
    }

    async fn every_client_uses_it_unless_an_administrator_says_otherwise(t) {
        let ana = t.person(&t.acme, "ana").await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let params = browser.get(t, &rp.auth(&WITHOUT)).await.redirected_to(Rp::REDIRECT_URI);
        assert_eq!(params["error"], "invalid_request");
        assert!(params["error_description"].contains("PKCE"));
        t.set_oidc(&rp, without_pkce(oidc())).await;
        rp.code(t, &browser, &WITHOUT).await;
        // A public client never goes without.
        let rp = t.app_for(&t.acme, &ana, without_pkce(public())).await;
        let params = browser.get(t, &rp.auth(&WITHOUT)).await.redirected_to(Rp::REDIRECT_URI);
        assert_eq!(params["error"], "invalid_request");
    }

    async fn a_verifier_without_a_challenge_is_refused(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, without_pkce(oidc())).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let code = rp.code(t, &browser, &WITHOUT).await;
        assert_eq!(rp.redeem(t, &code).await.error(), (400, "invalid_grant".into()));
        // The control: without either, a client with a secret is served.
        let code = rp.code(t, &browser, &WITHOUT).await;
        rp.redeem_with(t, &code, None, Rp::REDIRECT_URI).await.ok();
    }
}
