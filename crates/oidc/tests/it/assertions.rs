//! `private_key_jwt` (RFC 7523 section 3, FAPI 2.0): a signed assertion, for us, for now, once.

use muster_directory::application::{Authentication, ClientAuthentication, Oidc};
use muster_oauth::assertion::TYPE;
use serde_json::{Value, json};

use crate::harness::{Answer, Key, Rp, Test, form, machine};

fn with_key(key: &Key) -> Oidc {
    Oidc {
        token_endpoint_auth_method: ClientAuthentication::PrivateKeyJwt,
        authentication: Authentication { jwks: Some(key.registered()), ..Authentication::default() },
        ..machine()
    }
}

fn fields(assertion: &str) -> Vec<(&str, &str)> {
    vec![("grant_type", "client_credentials"), ("client_assertion_type", TYPE), ("client_assertion", assertion)]
}

async fn ask(t: &Test, rp: &Rp, assertion: &str) -> Answer {
    t.post(&rp.at("/oauth2/token"), &fields(assertion), &[]).await
}

fn refused(answer: &Answer, why: &str) {
    assert_eq!(answer.error(), (401, "invalid_client".into()), "{why}: {}", answer.body);
    let told = answer.json()["error_description"].as_str().unwrap().to_owned();
    assert!(told.contains(why), "{why} in {told}");
}

both! {
    async fn rfc7523_a_signed_assertion_is_the_client(t) {
        let key = Key::new();
        let rp = t.app(&t.acme, with_key(&key)).await;
        let token_endpoint = format!("{}/oauth2/token", rp.issuer());
        for audience in [json!(rp.issuer()), json!(token_endpoint), json!([rp.issuer()])] {
            let tokens = ask(t, &rp, &key.assertion(t, &rp, json!({"aud": audience}))).await.ok();
            assert_eq!(rp.open(t, &tokens["access_token"]).await.claims["sub"], json!(rp.id));
        }
        // client_id is not needed, and has to agree (RFC 7521 section 4.2).
        let (assertion, id) = (key.assertion(t, &rp, json!({})), rp.id.text());
        let mut with_id = fields(&assertion);
        with_id.push(("client_id", &id));
        t.post(&rp.at("/oauth2/token"), &with_id, &[]).await.ok();
        let other = t.d.env().id().text();
        let mut wrong = fields(&assertion);
        wrong.push(("client_id", &other));
        assert_eq!(t.post(&rp.at("/oauth2/token"), &wrong, &[]).await.error(), (400, "invalid_request".into()));
    }

    async fn rfc7523_3_what_an_assertion_must_say(t) {
        let key = Key::new();
        let rp = t.app(&t.acme, with_key(&key)).await;
        let now = t.clock.now().seconds();
        let other = t.app(&t.acme, with_key(&key)).await;
        for (extra, why) in [
            (json!({"iss": other.id}), "iss and sub"),
            (json!({"iss": null}), "iss and sub"),
            (json!({"aud": null}), "aud"),
            (json!({"aud": "https://id.example.test/o/blue"}), "aud"),
            (json!({"aud": [rp.issuer(), "https://other.example"]}), "aud"),
            (json!({"aud": []}), "aud"),
            (json!({"aud": format!("{}/", rp.issuer())}), "aud"),
            (json!({"exp": null}), "exp is missing"),
            (json!({"exp": now}), "expired"),
            (json!({"exp": now + 3661}), "more than an hour"),
            (json!({"exp": "soon"}), "numbers"),
            (json!({"nbf": now + 300}), "not valid yet"),
            (json!({"iat": now + 300}), "not valid yet"),
            (json!({"jti": null}), "jti"),
            (json!({"jti": ""}), "jti"),
            (json!({"jti": "x".repeat(257)}), "jti"),
        ] {
            refused(&ask(t, &rp, &key.assertion(t, &rp, extra.clone())).await, why);
        }
        // An assertion for one client is none for another of the same key.
        let mut mixed = fields("");
        let (assertion, id) = (key.assertion(t, &other, json!({})), rp.id.text());
        mixed[2].1 = &assertion;
        mixed.push(("client_id", &id));
        assert_eq!(t.post(&rp.at("/oauth2/token"), &mixed, &[]).await.error(), (400, "invalid_request".into()));
    }

    async fn replay_of_an_assertion_also_on_another_node_and_after_a_restart(t) {
        let key = Key::new();
        let rp = t.app(&t.acme, with_key(&key)).await;
        let assertion = key.assertion(t, &rp, json!({}));
        ask(t, &rp, &assertion).await.ok();
        refused(&ask(t, &rp, &assertion).await, "used before");
        // Another node, or this one after a restart: nothing in memory, the same database.
        let node = t.other_node().await;
        let again = t.send_to(&node, form(&rp.at("/oauth2/token"), &fields(&assertion), &[])).await;
        refused(&again, "used before");
        // What has ended is swept, and then refused for its age.
        t.later(120);
        muster_oidc::prune(&t.d).await.unwrap();
        refused(&ask(t, &rp, &assertion).await, "expired");
        // Of two at once, one.
        let twice = key.assertion(t, &rp, json!({}));
        let (a, b) = tokio::join!(ask(t, &rp, &twice), ask(t, &rp, &twice));
        assert_eq!([a.status, b.status].iter().filter(|status| status.as_u16() == 200).count(), 1);
        // A refused one uses nothing up.
        let jti = t.d.env().id().text();
        refused(&ask(t, &rp, &key.assertion(t, &rp, json!({"jti": jti, "aud": "x"}))).await, "aud");
        ask(t, &rp, &key.assertion(t, &rp, json!({"jti": jti}))).await.ok();
    }

    async fn alg_confusion_and_keys_of_others(t) {
        let (key, thief) = (Key::new(), Key::new());
        let rp = t.app(&t.acme, with_key(&key)).await;
        let claims = json!({
            "iss": rp.id, "sub": rp.id, "aud": rp.issuer(), "exp": t.clock.now().seconds() + 60, "jti": "j",
        });
        let with_header = |by: &Key, header: Value| by.sign(&header, &claims);
        for header in [
            json!({"alg": "EdDSA"}),
            json!({"alg": "EdDSA", "jwk": thief.jwk()}),
            json!({"alg": "EdDSA", "jku": "https://thief.example/keys"}),
            json!({"alg": "EdDSA", "kid": "../../etc/passwd"}),
            json!({"alg": "none"}),
            json!({"alg": "nOnE"}),
            json!({"alg": "HS256"}),
            json!({"alg": "RS256"}),
        ] {
            refused(&ask(t, &rp, &with_header(&thief, header)).await, "refused");
        }
        // One that was made for something else (RFC 8725 section 3.11).
        for typ in ["at+jwt", "dpop+jwt", "logout+jwt"] {
            refused(&ask(t, &rp, &with_header(&key, json!({"alg": "EdDSA", "typ": typ}))).await, "typ");
        }
        for text in ["", "x", "a.b.c", &format!("{}.", "x".repeat(100)), &"x".repeat(20_000)] {
            let answer = ask(t, &rp, text).await;
            assert!(matches!(answer.status.as_u16(), 400 | 401), "{}", answer.body);
        }
        ask(t, &rp, &with_header(&key, json!({"alg": "EdDSA", "typ": "client-authentication+jwt"}))).await.ok();
    }

    async fn only_the_registered_algorithm_and_method(t) {
        let key = Key::new();
        let mut oidc = with_key(&key);
        oidc.authentication.token_endpoint_auth_signing_alg = Some("ES256".into());
        let rp = t.app(&t.acme, oidc).await;
        refused(&ask(t, &rp, &key.assertion(t, &rp, json!({}))).await, "EdDSA");
        let by_secret = t.app(&t.acme, machine()).await;
        refused(&ask(t, &by_secret, &key.assertion(t, &by_secret, json!({}))).await, "client_secret_post");
        // Without an assertion, or with another type, it is nobody.
        let id = rp.id.text();
        let plain = [("grant_type", "client_credentials"), ("client_id", id.as_str())];
        refused(&t.post(&rp.at("/oauth2/token"), &plain, &[]).await, "private_key_jwt");
        let saml = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer";
        let typed = [("grant_type", "client_credentials"), ("client_assertion_type", saml), ("client_assertion", "x")];
        refused(&t.post(&rp.at("/oauth2/token"), &typed, &[]).await, "client_assertion_type");
    }
}
