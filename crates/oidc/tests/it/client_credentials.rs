//! A client asks for itself (RFC 6749 section 4.4).

use muster_directory::application::{GrantType, Oidc, SigningAlg, secret};
use serde_json::json;

use crate::harness::{Answer, Browser, Rp, Test, machine, oidc};

async fn ask(t: &Test, rp: &Rp, scope: Option<&str>) -> Answer {
    let mut fields = vec![("grant_type", "client_credentials")];
    fields.extend(scope.map(|scope| ("scope", scope)));
    rp.post(t, "/oauth2/token", &fields).await
}

both! {
    async fn rfc9068_a_token_of_its_own(t) {
        for alg in SigningAlg::ALL {
            let rp = t.app(&t.acme, Oidc { id_token_signed_response_alg: alg, ..machine() }).await;
            let answer = ask(t, &rp, None).await;
            assert_eq!(answer.header("cache-control"), "no-store");
            let tokens = answer.ok();
            assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(3600)));
            assert_eq!(tokens["scope"], "reports.read reports.write");
            // RFC 6749 section 4.4.3
            assert!(tokens.get("refresh_token").is_none() && tokens.get("id_token").is_none());
            let token = rp.open(t, &tokens["access_token"]).await;
            assert_eq!(token.header.typ.as_deref(), Some("at+jwt"));
            let now = t.clock.now().seconds();
            for (name, value) in [
                ("iss", json!(rp.issuer())),
                ("aud", json!(rp.issuer())),
                ("sub", json!(rp.id)),
                ("client_id", json!(rp.id)),
                ("scope", json!("reports.read reports.write")),
                ("iat", json!(now)),
                ("exp", json!(now + 3600)),
            ] {
                assert_eq!(token.claims.get(name), Some(&value), "{name}");
            }
            assert!(!token.claims.contains_key("sid") && !token.claims.contains_key("grant_id"));
        }
    }

    async fn rfc6749_5_2_scopes_are_the_registered_ones_or_less(t) {
        let rp = t.app(&t.acme, machine()).await;
        assert_eq!(ask(t, &rp, Some("reports.read")).await.ok()["scope"], "reports.read");
        for more in ["reports.read admin", "openid", "offline_access", "reports.READ"] {
            assert_eq!(ask(t, &rp, Some(more)).await.error(), (400, "invalid_scope".into()), "{more}");
        }
    }

    async fn rfc6749_5_2_an_unregistered_grant_type_is_refused(t) {
        let rp = t.app(&t.acme, oidc()).await;
        let device = "urn:ietf:params:oauth:grant-type:device_code";
        let exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
        let kind = "urn:ietf:params:oauth:token-type:access_token";
        for fields in [
            vec![("grant_type", "client_credentials")],
            vec![("grant_type", device), ("device_code", "x")],
            vec![("grant_type", exchange), ("subject_token", "x"), ("subject_token_type", kind)],
        ] {
            assert_eq!(rp.post(t, "/oauth2/token", &fields).await.error(), (400, "unauthorized_client".into()));
        }
        let only = t.app(&t.acme, Oidc { grant_types: vec![GrantType::ClientCredentials], ..machine() }).await;
        for fields in [
            vec![("grant_type", "authorization_code"), ("code", "x"), ("redirect_uri", "x")],
            vec![("grant_type", "refresh_token"), ("refresh_token", "x")],
        ] {
            assert_eq!(only.post(t, "/oauth2/token", &fields).await.error(), (400, "unauthorized_client".into()));
        }
        let answer = Browser::new().get(t, &only.auth(&[])).await;
        answer.page(400); // no redirect URI is registered, so nothing is sent anywhere
    }

    async fn a_token_reads_nothing_and_writes_nothing(t) {
        let rp = t.app(&t.acme, machine()).await;
        ask(t, &rp, None).await.ok(); // makes the organization's first key, which is a change
        ask(t, &rp, None).await.ok();
        let before = t.d.db().counts();
        for _ in 0..5 {
            ask(t, &rp, None).await.ok();
        }
        let after = t.d.db().counts();
        assert_eq!((after.statements, after.commits), (before.statements, before.commits));
    }

    async fn a_dropped_secret_and_a_switched_off_client_end_at_once(t) {
        let rp = t.app(&t.acme, machine()).await;
        ask(t, &rp, None).await.ok();
        let second = t.d.env().secret();
        let id = t.write(&t.acme, secret::Add { app: rp.id, secret: second.clone() }).await;
        let with_second = Rp { secret: second.expose().to_owned(), ..rp.clone() };
        ask(t, &with_second, None).await.ok();
        t.write(&t.acme, secret::Drop { app: rp.id, secret: id }).await;
        assert_eq!(ask(t, &with_second, None).await.error(), (401, "invalid_client".into()));
        t.set_active(&rp, false).await;
        assert_eq!(ask(t, &rp, None).await.error(), (400, "unauthorized_client".into()));
    }

    async fn it_opens_nothing_that_is_a_persons(t) {
        let rp = t.app(&t.acme, machine()).await;
        let tokens = ask(t, &rp, None).await.ok();
        let answer = rp.userinfo(t, tokens["access_token"].as_str().unwrap()).await;
        assert_eq!(answer.error(), (401, "invalid_token".into()));
    }
}
