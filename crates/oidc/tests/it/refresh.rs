//! Refresh tokens: rotation, reuse, scopes that only shrink, a life that slides.

use muster_directory::application::{GrantType, Oidc};
use serde_json::Value;

use crate::harness::{Browser, Rp, Test, oidc, public};

fn refresh_token(tokens: &Value) -> &str {
    tokens["refresh_token"].as_str().unwrap()
}

async fn refresh_with(t: &Test, rp: &Rp, token: &str, scope: &str) -> crate::harness::Answer {
    let fields = [("grant_type", "refresh_token"), ("refresh_token", token), ("scope", scope)];
    rp.post(t, "/oauth2/token", &fields).await
}

both! {
    async fn each_use_gives_the_next(t) {
        let ana = t.person(&t.acme, "ana").await;
        let browser = Browser::new();
        let session = browser.sign_in(t, &t.acme, &ana).await;
        for oidc in [oidc(), public()] {
            let rp = t.app_for(&t.acme, &ana, oidc).await;
            let mut tokens = rp.tokens(t, &browser, &[]).await;
            for _ in 0..3 {
                t.later(600);
                let next = rp.refresh(t, refresh_token(&tokens)).await.ok();
                assert_ne!(next["refresh_token"], tokens["refresh_token"]);
                assert_ne!(next["access_token"], tokens["access_token"]);
                let claims = rp.open(t, &next["id_token"]).await.claims;
                // OpenID Connect Core section 12.2
                assert_eq!((claims["sub"].as_str(), claims["aud"].as_str()), (Some(&*ana.id.text()), Some(&*rp.id.text())));
                assert_eq!(claims["auth_time"], session.auth_at.seconds());
                assert_eq!(claims["iat"], t.clock.now().seconds());
                assert!(!claims.contains_key("nonce"));
                assert_eq!(rp.userinfo(t, next["access_token"].as_str().unwrap()).await.status, 200);
                tokens = next;
            }
        }
    }

    async fn a_used_one_revokes_the_family(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let first = rp.tokens(t, &browser, &[]).await;
        let second = rp.refresh(t, refresh_token(&first)).await.ok();
        let third = rp.refresh(t, refresh_token(&second)).await.ok();
        assert_eq!(rp.refresh(t, refresh_token(&first)).await.error(), (400, "invalid_grant".into()));
        for tokens in [&first, &second, &third] {
            assert_eq!(rp.refresh(t, refresh_token(tokens)).await.error(), (400, "invalid_grant".into()));
            assert_eq!(rp.userinfo(t, tokens["access_token"].as_str().unwrap()).await.status, 401);
        }
    }

    async fn another_client_learns_and_changes_nothing(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let thief = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let tokens = rp.tokens(t, &browser, &[]).await;
        let stolen = thief.refresh(t, refresh_token(&tokens)).await;
        let unknown = thief.refresh(t, "unknown").await;
        assert_eq!((stolen.error(), &stolen.body), ((400, "invalid_grant".into()), &unknown.body));
        rp.refresh(t, refresh_token(&tokens)).await.ok();
    }

    async fn scopes_only_shrink(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let tokens = rp.tokens(t, &browser, &[("scope", "openid email offline_access")]).await;
        for more in ["openid profile", "openid email offline_access admin"] {
            assert_eq!(refresh_with(t, &rp, refresh_token(&tokens), more).await.error(), (400, "invalid_scope".into()));
        }
        let less = refresh_with(t, &rp, refresh_token(&tokens), "openid").await.ok();
        assert_eq!(less["scope"], "openid");
        let claims = rp.userinfo(t, less["access_token"].as_str().unwrap()).await.ok();
        assert!(claims.get("email").is_none());
        // The next token has what was granted (RFC 6749 section 6), and without openid there is neither ID token nor userinfo.
        let none = refresh_with(t, &rp, refresh_token(&less), "email").await.ok();
        assert!(none.get("id_token").is_none());
        let refused = rp.userinfo(t, none["access_token"].as_str().unwrap()).await;
        assert_eq!(refused.error(), (403, "insufficient_scope".into()));
        assert_eq!(rp.refresh(t, refresh_token(&none)).await.ok()["scope"], "openid email offline_access");
    }

    async fn its_life_slides_and_ends(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, Oidc { refresh_token_ttl_s: 1000, access_token_ttl_s: 60, ..oidc() }).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let mut tokens = rp.tokens(t, &browser, &[]).await;
        for _ in 0..3 {
            t.later(999);
            // What has ended is swept meanwhile, what lives is not.
            muster_oidc::prune(&t.d).await.unwrap();
            tokens = rp.refresh(t, refresh_token(&tokens)).await.ok();
        }
        t.later(1000);
        let answer = rp.refresh(t, refresh_token(&tokens)).await;
        assert_eq!(answer.error(), (400, "invalid_grant".into()));
        assert!(answer.json()["error_description"].as_str().unwrap().contains("expired"));
    }

    async fn only_for_clients_that_may_and_ask(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        assert!(rp.tokens(t, &browser, &[("scope", "openid")]).await.get("refresh_token").is_none());
        let tokens = rp.tokens(t, &browser, &[]).await;
        t.set_oidc(&rp, Oidc { grant_types: vec![GrantType::AuthorizationCode], ..oidc() }).await;
        assert_eq!(rp.refresh(t, refresh_token(&tokens)).await.error(), (400, "unauthorized_client".into()));
    }

    async fn a_lost_answer_is_given_again_to_a_client_with_a_secret(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let first = rp.tokens(t, &browser, &[]).await;
        let lost = rp.refresh(t, refresh_token(&first)).await.ok();
        t.later(9);
        let again = rp.refresh(t, refresh_token(&first)).await.ok();
        assert_eq!(again["refresh_token"], lost["refresh_token"]);
        assert_eq!(rp.userinfo(t, again["access_token"].as_str().unwrap()).await.status, 200);
        // Once the next one was used, the first answer had arrived: whoever comes with the old one is a thief.
        let next = rp.refresh(t, refresh_token(&again)).await.ok();
        assert_eq!(rp.refresh(t, refresh_token(&first)).await.error(), (400, "invalid_grant".into()));
        assert_eq!(rp.refresh(t, refresh_token(&next)).await.error(), (400, "invalid_grant".into()));
    }

    async fn the_grace_is_short_and_not_for_public_clients(t) {
        let ana = t.person(&t.acme, "ana").await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        for (oidc, wait_s) in [(oidc(), 10), (public(), 0)] {
            let rp = t.app_for(&t.acme, &ana, oidc).await;
            let first = rp.tokens(t, &browser, &[]).await;
            let next = rp.refresh(t, refresh_token(&first)).await.ok();
            t.later(wait_s);
            assert_eq!(rp.refresh(t, refresh_token(&first)).await.error(), (400, "invalid_grant".into()));
            assert_eq!(rp.refresh(t, refresh_token(&next)).await.error(), (400, "invalid_grant".into()));
        }
    }
}
