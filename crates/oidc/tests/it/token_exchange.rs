//! Token exchange (RFC 8693). Class: token-exchange escalation. What comes of it is never more than was there.

use muster_directory::application::{AccessTokenFormat, AccessTokens, GrantType, Oidc};
use muster_directory::user::State;
use muster_oauth::token_exchange::{ACCESS_TOKEN, GRANT_TYPE};
use serde_json::{Value, json};

use crate::harness::{Answer, BASE, Browser, Key, Rp, Test, form, machine, oidc};

fn exchanger(access: AccessTokens) -> Oidc {
    let grant_types = vec![GrantType::ClientCredentials, GrantType::TokenExchange];
    Oidc { grant_types, access: AccessTokens { scope: machine().access.scope, ..access }, ..machine() }
}

async fn exchange(t: &Test, rp: &Rp, token: &str, extra: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("grant_type", GRANT_TYPE), ("subject_token", token), ("subject_token_type", ACCESS_TOKEN)];
    fields.extend(extra);
    rp.post(t, "/oauth2/token", &fields).await
}

/// A person's tokens of one application, and another application that may exchange them.
async fn two(t: &Test, access: AccessTokens) -> (muster_directory::user::User, Value, Rp, Rp) {
    let ana = t.person(&t.acme, "ana").await;
    let front = t.app_for(&t.acme, &ana, oidc()).await;
    let browser = Browser::new();
    browser.sign_in(t, &t.acme, &ana).await;
    let tokens = front.tokens(t, &browser, &[]).await;
    let access = AccessTokens { token_exchange_clients: vec![front.id.text()], ..access };
    let back = t.app(&t.acme, exchanger(access)).await;
    (ana, tokens, front, back)
}

both! {
    async fn rfc8693_a_token_for_less_that_says_who_acts(t) {
        let (ana, tokens, _, back) = two(t, AccessTokens::default()).await;
        t.later(3000);
        let token = tokens["access_token"].as_str().unwrap();
        let answer = exchange(t, &back, token, &[("scope", "openid email")]).await.ok();
        assert_eq!((&answer["issued_token_type"], &answer["token_type"]), (&json!(ACCESS_TOKEN), &json!("Bearer")));
        assert_eq!((&answer["scope"], &answer["expires_in"]), (&json!("openid email"), &json!(600)));
        assert!(answer.get("refresh_token").is_none() && answer.get("id_token").is_none());
        let claims = back.open(t, &answer["access_token"]).await.claims;
        assert_eq!((&claims["sub"], &claims["client_id"]), (&json!(ana.id), &json!(back.id)));
        assert_eq!(claims["act"], json!({"sub": back.id}));
        // It opens what its scope allows, once more exchanged too, with both actors inside.
        let first = answer["access_token"].as_str().unwrap();
        assert_eq!(back.userinfo(t, first).await.ok()["sub"], json!(ana.id));
        let again = exchange(t, &back, first, &[]).await.ok();
        let claims = back.open(t, &again["access_token"]).await.claims;
        assert_eq!(claims["act"], json!({"sub": back.id, "act": {"sub": back.id}}));
    }

    async fn token_exchange_escalation_scope_audience_and_life_only_shrink(t) {
        let (_, tokens, front, back) = two(t, AccessTokens::default()).await;
        let token = tokens["access_token"].as_str().unwrap();
        let less = exchange(t, &back, token, &[("scope", "openid")]).await.ok();
        let less = less["access_token"].as_str().unwrap();
        for scope in ["openid email", "reports.read", "openid admin"] {
            assert_eq!(exchange(t, &back, less, &[("scope", scope)]).await.error(), (400, "invalid_scope".into()));
        }
        // Without a scope the same, but never the right to refresh.
        assert_eq!(exchange(t, &back, token, &[]).await.ok()["scope"], "openid email profile");
        assert_eq!(exchange(t, &back, token, &[("scope", "offline_access")]).await.ok()["scope"], "");
        let own = front.issuer();
        exchange(t, &back, token, &[("audience", &own)]).await.ok();
        for (name, value) in [("audience", "https://api.example"), ("resource", "https://api.example")] {
            assert_eq!(exchange(t, &back, token, &[(name, value)]).await.error(), (400, "invalid_target".into()));
        }
        let both = [("audience", own.as_str()), ("resource", "https://api.example")];
        assert_eq!(exchange(t, &back, token, &both).await.error(), (400, "invalid_target".into()));
        t.later(3601);
        assert_eq!(exchange(t, &back, token, &[]).await.error(), (400, "invalid_request".into()));
    }

    async fn token_exchange_escalation_whose_tokens_may_be_exchanged(t) {
        let (_, tokens, front, back) = two(t, AccessTokens::default()).await;
        let token = tokens["access_token"].as_str().unwrap();
        let stranger = t.app(&t.acme, exchanger(AccessTokens::default())).await;
        assert_eq!(exchange(t, &stranger, token, &[]).await.error(), (400, "invalid_request".into()));
        let elsewhere = t.app(&t.blue, exchanger(AccessTokens { token_exchange_clients: vec![front.id.text()], ..AccessTokens::default() })).await;
        assert_eq!(exchange(t, &elsewhere, token, &[]).await.error(), (400, "invalid_request".into()));
        // Its own, as itself.
        let own = stranger.post(t, "/oauth2/token", &[("grant_type", "client_credentials")]).await.ok();
        let own = exchange(t, &stranger, own["access_token"].as_str().unwrap(), &[("scope", "reports.read")]).await.ok();
        assert_eq!(own["scope"], "reports.read");
        // No subject, of another kind, of another type: errors that name it (CVE-2026-9704: missing was taken as good).
        let kinds = "urn:ietf:params:oauth:token-type:";
        for (fields, code) in [
            (vec![("grant_type", GRANT_TYPE)], "invalid_request"),
            (vec![("grant_type", GRANT_TYPE), ("subject_token", token)], "invalid_request"),
            (vec![("grant_type", GRANT_TYPE), ("subject_token_type", ACCESS_TOKEN)], "invalid_request"),
            (vec![("grant_type", GRANT_TYPE), ("subject_token", ""), ("subject_token_type", ACCESS_TOKEN)], "invalid_request"),
        ] {
            assert_eq!(back.post(t, "/oauth2/token", &fields).await.error(), (400, code.into()), "{fields:?}");
        }
        for kind in ["id_token", "refresh_token", "saml2", "jwt"] {
            let kind = format!("{kinds}{kind}");
            let fields = [("grant_type", GRANT_TYPE), ("subject_token", token), ("subject_token_type", kind.as_str())];
            assert_eq!(back.post(t, "/oauth2/token", &fields).await.error(), (400, "invalid_request".into()));
            let wanted = exchange(t, &back, token, &[("requested_token_type", &kind)]).await;
            assert_eq!(wanted.error(), (400, "invalid_request".into()));
        }
        for thing in ["id_token", "refresh_token"] {
            let answer = exchange(t, &back, tokens[thing].as_str().unwrap(), &[]).await;
            assert_eq!(answer.error(), (400, "invalid_request".into()), "{thing}");
        }
    }

    async fn impersonation_is_off_unless_registered(t) {
        let access = AccessTokens { token_exchange_impersonation: true, ..AccessTokens::default() };
        let (_, tokens, _, back) = two(t, access).await;
        let token = tokens["access_token"].as_str().unwrap();
        let answer = exchange(t, &back, token, &[]).await.ok();
        assert!(!back.open(t, &answer["access_token"]).await.claims.contains_key("act"));
        // Whoever names an actor has one: a token of its own.
        let own = back.post(t, "/oauth2/token", &[("grant_type", "client_credentials")]).await.ok();
        let actor = [("actor_token", own["access_token"].as_str().unwrap()), ("actor_token_type", ACCESS_TOKEN)];
        let answer = exchange(t, &back, token, &actor).await.ok();
        assert_eq!(back.open(t, &answer["access_token"]).await.claims["act"], json!({"sub": back.id}));
        let not_own = [("actor_token", token), ("actor_token_type", ACCESS_TOKEN)];
        assert_eq!(exchange(t, &back, token, &not_own).await.error(), (400, "invalid_request".into()));
        let untyped = [("actor_token", token)];
        assert_eq!(exchange(t, &back, token, &untyped).await.error(), (400, "invalid_request".into()));
        let malformed = [("actor_token", "x"), ("actor_token_type", ACCESS_TOKEN)];
        assert_eq!(exchange(t, &back, token, &malformed).await.error(), (400, "invalid_request".into()));
    }

    async fn deactivated_user_keeps_access_not_by_an_exchanged_token(t) {
        for format in [AccessTokenFormat::Jwt, AccessTokenFormat::Opaque] {
            let name = format!("ana-{format:?}").to_lowercase();
            let ana = t.person(&t.acme, &name).await;
            let front = t.app_for(&t.acme, &ana, oidc()).await;
            let browser = Browser::new();
            browser.sign_in(t, &t.acme, &ana).await;
            let tokens = front.tokens(t, &browser, &[]).await;
            let token_exchange_clients = vec![front.id.text()];
            let access = AccessTokens { token_exchange_clients, access_token_format: format, ..AccessTokens::default() };
            let back = t.app(&t.acme, exchanger(access.clone())).await;
            let token = tokens["access_token"].as_str().unwrap();
            let answer = exchange(t, &back, token, &[]).await.ok();
            let exchanged = answer["access_token"].as_str().unwrap();
            assert_eq!(back.userinfo(t, exchanged).await.status, 200);
            // The one who exchanges loses the right to.
            t.set_oidc(&back, Oidc { grant_types: vec![GrantType::ClientCredentials], ..exchanger(access.clone()) }).await;
            assert_eq!(back.userinfo(t, exchanged).await.status, 401);
            t.set_oidc(&back, exchanger(access)).await;
            // The first application loses its tokens, and the person leaves.
            let refresh_token = tokens["refresh_token"].as_str().unwrap();
            t.set_state(&t.acme, &ana, State::Suspended).await;
            assert_eq!(back.userinfo(t, exchanged).await.status, 401);
            assert_eq!(exchange(t, &back, token, &[]).await.error(), (400, "invalid_request".into()));
            t.set_state(&t.acme, &ana, State::Activated).await;
            front.post(t, "/oauth2/revoke", &[("token", refresh_token)]).await;
            assert_eq!(back.userinfo(t, exchanged).await.status, 401);
        }
    }

    async fn an_exchanged_token_of_a_program_ends_with_that_program(t) {
        let program = t.app(&t.acme, machine()).await;
        let access = AccessTokens { token_exchange_clients: vec![program.id.text()], ..AccessTokens::default() };
        let back = t.app(&t.acme, exchanger(access)).await;
        let own = program.post(t, "/oauth2/token", &[("grant_type", "client_credentials")]).await.ok();
        let answer = exchange(t, &back, own["access_token"].as_str().unwrap(), &[]).await.ok();
        let active = async || {
            let fields = [("token", answer["access_token"].as_str().unwrap())];
            back.post(t, "/oauth2/introspect", &fields).await.ok()["active"].as_bool().unwrap()
        };
        assert!(active().await);
        t.set_active(&program, false).await;
        assert!(!active().await);
        t.set_active(&program, true).await;
        assert!(active().await);
    }

    async fn a_bound_token_does_not_become_one_for_everybody(t) {
        let access = AccessTokens { token_exchange_clients: Vec::new(), ..AccessTokens::default() };
        let rp = t.app(&t.acme, exchanger(access)).await;
        let (key, address, id) = (Key::new(), format!("{BASE}/o/acme/oauth2/token"), rp.id.text());
        let proof = key.proof(t, "POST", &address, json!({}));
        let fields = [("grant_type", "client_credentials"), ("client_id", &*id), ("client_secret", &*rp.secret)];
        let bound = t.send(form(&rp.at("/oauth2/token"), &fields, &[("dpop", &proof)])).await.ok();
        let bound = bound["access_token"].as_str().unwrap();
        assert_eq!(exchange(t, &rp, bound, &[]).await.error(), (400, "invalid_request".into()));
        let fields = [
            ("grant_type", GRANT_TYPE),
            ("subject_token", bound),
            ("subject_token_type", ACCESS_TOKEN),
            ("client_id", &*id),
            ("client_secret", &*rp.secret),
        ];
        let proof = key.proof(t, "POST", &address, json!({}));
        let answer = t.send(form(&rp.at("/oauth2/token"), &fields, &[("dpop", &proof)])).await.ok();
        assert_eq!(answer["token_type"], "DPoP");
    }
}
