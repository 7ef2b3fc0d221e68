//! What an application gets signed and encrypted: ID tokens and userinfo, with every algorithm that is announced.

use muster_directory::application::{ContentEncryption, KeyEncryption, Oidc, SigningAlg, Tokens};
use muster_jose::{Alg, Decrypted, DecryptionKey, JwkSet, KeyAlg, decrypt, half_hash, verify};
use serde_json::{Value, json};

use crate::harness::{Answer, Browser, Rp, Test, oidc};

const KEYS: [(KeyEncryption, KeyAlg); 3] = [
    (KeyEncryption::RsaOaep256, KeyAlg::RsaOaep256),
    (KeyEncryption::EcdhEs, KeyAlg::EcdhEs),
    (KeyEncryption::EcdhEsA256kw, KeyAlg::EcdhEsA256Kw),
];

fn with(own: &DecryptionKey, tokens: Tokens) -> Oidc {
    let mut settings = Oidc { tokens, ..oidc() };
    settings.authentication.jwks = serde_json::from_value(json!({"keys": [own.public_jwk()]})).unwrap();
    settings
}

async fn signed_in(t: &Test, settings: Oidc) -> (Rp, Browser) {
    let ana = t.person(&t.acme, "ana").await;
    let rp = t.app_for(&t.acme, &ana, settings).await;
    let browser = Browser::new();
    browser.sign_in(t, &t.acme, &ana).await;
    (rp, browser)
}

fn open(own: &DecryptionKey, token: &str) -> Decrypted {
    decrypt(token, std::slice::from_ref(own)).unwrap()
}

async fn userinfo(t: &Test, rp: &Rp, browser: &Browser) -> Answer {
    let tokens = rp.tokens(t, browser, &[]).await;
    rp.userinfo(t, tokens["access_token"].as_str().unwrap()).await
}

both! {
    async fn id_tokens_are_encrypted_to_the_applications_key(t) {
        let (rp, browser) = signed_in(t, oidc()).await;
        for (setting, alg) in KEYS {
            let own = DecryptionKey::generate(alg).unwrap();
            for enc in [None, Some(ContentEncryption::A128Gcm), Some(ContentEncryption::A256Gcm)] {
                t.set_oidc(&rp, with(&own, Tokens {
                    id_token_encrypted_response_alg: Some(setting),
                    id_token_encrypted_response_enc: enc,
                    ..Tokens::default()
                })).await;
                let tokens = rp.tokens(t, &browser, &[]).await;
                let inside = open(&own, tokens["id_token"].as_str().unwrap());
                assert_eq!((inside.alg, inside.enc), (alg, enc.unwrap_or_default().enc()));
                assert_eq!(inside.cty.as_deref(), Some("JWT"));
                let id_token = json!(String::from_utf8(inside.plain).unwrap());
                let verified = rp.open(t, &id_token).await;
                assert_eq!(verified.claims["aud"], rp.id.text());
                let access_token = tokens["access_token"].as_str().unwrap();
                assert_eq!(verified.claims["at_hash"], half_hash(verified.header.alg, access_token));
                // The access token is for us: it stays readable to us.
                rp.userinfo(t, access_token).await.ok();
            }
        }
    }

    async fn every_announced_algorithm_signs(t) {
        let (rp, browser) = signed_in(t, oidc()).await;
        for alg in SigningAlg::ALL {
            t.set_oidc(&rp, Oidc { id_token_signed_response_alg: alg, ..oidc() }).await;
            let tokens = rp.tokens(t, &browser, &[]).await;
            let verified = rp.open(t, &tokens["id_token"]).await;
            assert_eq!(verified.header.alg.name(), alg.word());
            assert_eq!(verified.claims["at_hash"], half_hash(verified.header.alg, tokens["access_token"].as_str().unwrap()));
            rp.userinfo(t, tokens["access_token"].as_str().unwrap()).await.ok();
            // The key that signed is in the set that everybody reads.
            let set = JwkSet::parse(t.get(&rp.at("/.well-known/jwks.json")).await.body.as_bytes()).unwrap();
            verify(tokens["id_token"].as_str().unwrap(), &set, &Alg::ALL).unwrap();
        }
    }

    async fn userinfo_is_signed_where_it_is_asked_for(t) {
        let (rp, browser) = signed_in(t, oidc()).await;
        for alg in SigningAlg::ALL {
            let tokens = Tokens { userinfo_signed_response_alg: Some(alg), ..Tokens::default() };
            t.set_oidc(&rp, Oidc { tokens, ..oidc() }).await;
            let answer = userinfo(t, &rp, &browser).await;
            assert_eq!(answer.header("content-type"), "application/jwt");
            let verified = rp.open(t, &json!(answer.body)).await;
            assert_eq!(verified.header.alg.name(), alg.word());
            assert_eq!((&verified.claims["iss"], &verified.claims["aud"]), (&json!(rp.issuer()), &json!(rp.id)));
            assert_eq!(verified.claims["email"], "ana@example.test");
            // It is no ID token, and does not pass for one.
            let hint = format!("{}?id_token_hint={}", rp.at("/oauth2/sessions/logout"), answer.body);
            assert!(browser.get(t, &hint).await.page(200).contains("Sign out of Acme?"));
        }
    }

    async fn userinfo_is_encrypted_with_or_without_a_signature(t) {
        let own = DecryptionKey::generate(KeyAlg::RsaOaep256).unwrap();
        let (rp, browser) = signed_in(t, oidc()).await;
        for signed in [None, Some(SigningAlg::Es384)] {
            t.set_oidc(&rp, with(&own, Tokens {
                userinfo_signed_response_alg: signed,
                userinfo_encrypted_response_alg: Some(KeyEncryption::RsaOaep256),
                userinfo_encrypted_response_enc: Some(ContentEncryption::A256Gcm),
                ..Tokens::default()
            })).await;
            let answer = userinfo(t, &rp, &browser).await;
            assert_eq!(answer.header("content-type"), "application/jwt");
            let inside = open(&own, &answer.body);
            let claims: Value = match signed {
                None => serde_json::from_slice(&inside.plain).unwrap(),
                Some(_) => Value::Object(rp.open(t, &json!(String::from_utf8(inside.plain).unwrap())).await.claims),
            };
            assert_eq!(claims["email"], "ana@example.test");
        }
    }

    /// A key that was taken away: nothing goes out in the clear instead.
    async fn without_a_key_nothing_is_given(t) {
        let own = DecryptionKey::generate(KeyAlg::EcdhEs).unwrap();
        let tokens = Tokens { id_token_encrypted_response_alg: Some(KeyEncryption::EcdhEs), ..Tokens::default() };
        let mut settings = with(&own, tokens);
        let (rp, browser) = signed_in(t, settings.clone()).await;
        rp.tokens(t, &browser, &[]).await;
        settings.authentication.jwks = None;
        let refused = t.d.write(
            muster_directory::Actor::system(), t.acme.id,
            muster_directory::application::update::SetOidc { id: rp.id, hidden: None, oidc: settings },
        ).await;
        assert!(refused.is_err(), "the settings are refused where they are saved");
    }

    async fn lifetimes_are_the_applications(t) {
        let tokens = Tokens { id_token_lifetime_seconds: 90, ..Tokens::default() };
        let (rp, browser) = signed_in(t, Oidc { tokens, access_token_ttl_s: 120, ..oidc() }).await;
        let tokens = rp.tokens(t, &browser, &[]).await;
        assert_eq!(tokens["expires_in"], 120);
        let life = |claims: &serde_json::Map<String, Value>| claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
        assert_eq!(life(&rp.open(t, &tokens["id_token"]).await.claims), 90);
        assert_eq!(life(&rp.open(t, &tokens["access_token"]).await.claims), 120);
    }
}
