//! Token introspection (RFC 7662) and its signed form (RFC 9701).

use muster_directory::application::{AccessTokenFormat, AccessTokens, GrantType, Oidc};
use muster_directory::user::State;
use serde_json::json;

use crate::harness::{Browser, Rp, Test, machine, oidc, public};

async fn ask(t: &Test, by: &Rp, token: &str) -> serde_json::Value {
    let answer = by.post(t, "/oauth2/introspect", &[("token", token)]).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.ok()
}

fn everything() -> Oidc {
    Oidc { access: AccessTokens { introspect_all_tokens: true, ..AccessTokens::default() }, ..machine() }
}

both! {
    async fn rfc7662_2_2_what_is_told_of_each_kind_of_token(t) {
        let ana = t.person(&t.acme, "ana").await;
        let browser = Browser::new();
        let session = browser.sign_in(t, &t.acme, &ana).await;
        let now = t.clock.now().seconds();
        for format in [AccessTokenFormat::Jwt, AccessTokenFormat::Opaque] {
            let access = AccessTokens { access_token_format: format, ..AccessTokens::default() };
            let rp = t.app_for(&t.acme, &ana, Oidc { access, ..oidc() }).await;
            let tokens = rp.tokens(t, &browser, &[]).await;
            let told = ask(t, &rp, tokens["access_token"].as_str().unwrap()).await;
            for (name, value) in [
                ("active", json!(true)),
                ("iss", json!(rp.issuer())),
                ("sub", json!(ana.id)),
                ("aud", json!(rp.issuer())),
                ("client_id", json!(rp.id)),
                ("username", json!("ana")),
                ("scope", json!("openid email profile offline_access")),
                ("token_type", json!("Bearer")),
                ("iat", json!(now)),
                ("exp", json!(now + 3600)),
                ("sid", json!(session.id)),
            ] {
                assert_eq!(told.get(name), Some(&value), "{name} {format:?}");
            }
            assert!(told.get("grant_id").is_none());
            let refresh_token = tokens["refresh_token"].as_str().unwrap();
            for hint in ["refresh_token", "access_token"] {
                let fields = [("token", refresh_token), ("token_type_hint", hint)];
                let told = rp.post(t, "/oauth2/introspect", &fields).await.ok();
                assert_eq!((&told["active"], &told["sub"]), (&json!(true), &json!(ana.id)), "{hint}");
                assert!(told.get("token_type").is_none());
            }
        }
    }

    async fn what_does_not_hold_is_one_answer(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let stranger = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let tokens = rp.tokens(t, &browser, &[]).await;
        let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
        let inactive = json!({"active": false});
        assert_eq!(ask(t, &rp, &text("access_token")).await["active"], true);
        // Unknown, of another kind, another client's business: one answer (RFC 7662 section 2.2).
        assert_eq!(ask(t, &rp, "unknown").await, inactive);
        assert_eq!(ask(t, &rp, &text("id_token")).await, inactive);
        assert_eq!(ask(t, &stranger, &text("access_token")).await, inactive);
        assert_eq!(ask(t, &stranger, &text("refresh_token")).await, inactive);
        let elsewhere = t.app(&t.blue, everything()).await;
        assert_eq!(ask(t, &elsewhere, &text("access_token")).await, inactive);
        // One that an administrator lets ask about all.
        let gateway = t.app(&t.acme, everything()).await;
        assert_eq!(ask(t, &gateway, &text("access_token")).await["active"], true);
        assert_eq!(ask(t, &gateway, &text("refresh_token")).await, inactive);
        // What it stands on ends.
        t.set_state(&t.acme, &ana, State::Suspended).await;
        assert_eq!(ask(t, &gateway, &text("access_token")).await, inactive);
        assert_eq!(ask(t, &rp, &text("refresh_token")).await, inactive);
    }

    async fn a_token_of_the_client_itself_ends_with_its_right(t) {
        let rp = t.app(&t.acme, machine()).await;
        let gateway = t.app(&t.acme, everything()).await;
        let tokens = rp.post(t, "/oauth2/token", &[("grant_type", "client_credentials")]).await.ok();
        let token = tokens["access_token"].as_str().unwrap();
        let told = ask(t, &gateway, token).await;
        assert_eq!((&told["active"], &told["sub"]), (&json!(true), &json!(rp.id)));
        assert!(told.get("username").is_none());
        let other = Oidc { grant_types: vec![GrantType::AuthorizationCode], redirect_uris: oidc().redirect_uris, ..machine() };
        t.set_oidc(&rp, other).await;
        assert_eq!(ask(t, &gateway, token).await, json!({"active": false}));
        t.set_oidc(&rp, machine()).await;
        assert_eq!(ask(t, &gateway, token).await["active"], true);
        t.set_active(&rp, false).await;
        assert_eq!(ask(t, &gateway, token).await, json!({"active": false}));
    }

    async fn rfc7662_2_1_the_asker_shows_who_it_is(t) {
        let rp = t.app(&t.acme, public()).await;
        let answer = rp.post(t, "/oauth2/introspect", &[("token", "x")]).await;
        assert_eq!(answer.error(), (401, "invalid_client".into()));
        let rp = t.app(&t.acme, machine()).await;
        let wrong = Rp { secret: "wrong".into(), ..rp.clone() };
        assert_eq!(wrong.post(t, "/oauth2/introspect", &[("token", "x")]).await.error(), (401, "invalid_client".into()));
        assert_eq!(rp.post(t, "/oauth2/introspect", &[]).await.error(), (400, "invalid_request".into()));
        assert_eq!(t.get(&rp.at("/oauth2/introspect")).await.status, 405);
    }

    async fn rfc9701_a_signed_answer(t) {
        let rp = t.app(&t.acme, machine()).await;
        let tokens = rp.post(t, "/oauth2/token", &[("grant_type", "client_credentials")]).await.ok();
        let (id, token) = (rp.id.text(), tokens["access_token"].as_str().unwrap());
        let fields = [("token", token), ("client_id", &id), ("client_secret", &rp.secret)];
        let accept = [("accept", "application/token-introspection+jwt, application/json;q=0.5")];
        let answer = t.post(&rp.at("/oauth2/introspect"), &fields, &accept).await;
        assert_eq!(answer.header("content-type"), "application/token-introspection+jwt");
        let signed = rp.open(t, &json!(answer.body)).await;
        assert_eq!(signed.header.typ.as_deref(), Some("token-introspection+jwt"));
        assert_eq!((&signed.claims["iss"], &signed.claims["aud"]), (&json!(rp.issuer()), &json!(rp.id)));
        assert_eq!(signed.claims["token_introspection"]["active"], true);
        assert_eq!(signed.claims["token_introspection"]["sub"], json!(rp.id));
        // It is no access token itself.
        assert_eq!(rp.userinfo(t, &answer.body).await.status, 401);
    }

    async fn an_opaque_token_of_a_client_is_one_statement(t) {
        let access = AccessTokens { access_token_format: AccessTokenFormat::Opaque, ..machine().access };
        let rp = t.app(&t.acme, Oidc { access, ..machine() }).await;
        let tokens = rp.post(t, "/oauth2/token", &[("grant_type", "client_credentials")]).await.ok();
        let token = tokens["access_token"].as_str().unwrap();
        ask(t, &rp, token).await;
        let before = t.d.db().counts();
        assert_eq!(ask(t, &rp, token).await["active"], true);
        let after = t.d.db().counts();
        assert_eq!((after.statements - before.statements, after.commits - before.commits), (1, 0));
    }
}
