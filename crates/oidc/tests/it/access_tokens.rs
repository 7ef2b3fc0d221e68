//! Opaque access tokens: the same rights as signed ones, and they end at once.

use muster_directory::application::{AccessTokenFormat, AccessTokens, Oidc};
use serde_json::json;

use crate::harness::{Browser, machine, oidc};

fn opaque(oidc: Oidc) -> Oidc {
    let access = AccessTokens { access_token_format: AccessTokenFormat::Opaque, ..oidc.access.clone() };
    Oidc { access, ..oidc }
}

both! {
    async fn an_opaque_token_opens_what_a_signed_one_does(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, opaque(oidc())).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let tokens = rp.tokens(t, &browser, &[]).await;
        let token = tokens["access_token"].as_str().unwrap();
        assert!(token.len() == 43 && !token.contains('.'));
        assert_eq!(rp.userinfo(t, token).await.ok()["sub"], json!(ana.id));
        let claims = rp.open(t, &tokens["id_token"]).await.claims;
        assert_eq!(claims["at_hash"], json!(muster_jose::half_hash(muster_jose::Alg::RS256, token)));
        // It ends with its time, and is swept then.
        t.later(3599);
        assert_eq!(rp.userinfo(t, token).await.status, 200);
        t.later(1);
        assert_eq!(rp.userinfo(t, token).await.error(), (401, "invalid_token".into()));
    }

    async fn rfc7009_revoking_one_ends_it_and_nothing_else(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, opaque(oidc())).await;
        let thief = t.app_for(&t.acme, &ana, opaque(oidc())).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let tokens = rp.tokens(t, &browser, &[]).await;
        let token = tokens["access_token"].as_str().unwrap();
        // Another client's attempt is answered alike and does nothing (RFC 7009 section 2.1).
        assert_eq!(thief.post(t, "/oauth2/revoke", &[("token", token)]).await.status, 200);
        assert_eq!(rp.userinfo(t, token).await.status, 200);
        for hint in ["refresh_token", "access_token", "x"] {
            let fields = [("token", token), ("token_type_hint", hint)];
            assert_eq!(rp.post(t, "/oauth2/revoke", &fields).await.status, 200);
        }
        assert_eq!(rp.userinfo(t, token).await.error(), (401, "invalid_token".into()));
        rp.refresh(t, tokens["refresh_token"].as_str().unwrap()).await.ok();
    }

    async fn one_time_kinds_a_refresh_token_or_code_is_no_access_token(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, opaque(oidc())).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let code = rp.code(t, &browser, &[]).await;
        let tokens = rp.tokens(t, &browser, &[]).await;
        let refresh_token = tokens["refresh_token"].as_str().unwrap();
        for thing in [&code, refresh_token, &rp.secret] {
            assert_eq!(rp.userinfo(t, thing).await.status, 401);
        }
        let access_token = tokens["access_token"].as_str().unwrap();
        assert_eq!(rp.refresh(t, access_token).await.error(), (400, "invalid_grant".into()));
        assert_eq!(rp.redeem(t, access_token).await.error(), (400, "invalid_grant".into()));
    }

    async fn tenant_isolation_it_opens_its_own_organization_only(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, opaque(oidc())).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let tokens = rp.tokens(t, &browser, &[]).await;
        let mut elsewhere = rp.clone();
        elsewhere.org = t.blue.clone();
        let token = tokens["access_token"].as_str().unwrap();
        assert_eq!(elsewhere.userinfo(t, token).await.error(), (401, "invalid_token".into()));
        assert_eq!(rp.userinfo(t, token).await.status, 200);
    }

    async fn what_has_ended_is_swept(t) {
        let rp = t.app(&t.acme, opaque(machine())).await;
        rp.post(t, "/oauth2/token", &[("grant_type", "client_credentials")]).await.ok();
        assert_eq!(muster_oidc::prune(&t.d).await.unwrap(), 0);
        t.later(3601);
        assert_eq!(muster_oidc::prune(&t.d).await.unwrap(), 1);
    }
}
