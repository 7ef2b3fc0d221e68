//! Class: JWT alg confusion, `none`, `kid`, `jku`, embedded keys; and a token of one kind passed off as another.

use axum::body::Body;
use http::Request;
use muster_jose::{Alg, SigningKey};
use serde_json::{Value, json};

use crate::harness::{Browser, Rp, Test, forge, oidc};

both! {
    async fn forged_access_tokens_open_nothing(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let tokens = rp.tokens(t, &browser, &[]).await;
        let good = tokens["access_token"].as_str().unwrap().to_owned();
        assert_eq!(rp.userinfo(t, &good).await.status, 200);
        for forged in forgeries(t, &rp, &good).await {
            let answer = rp.userinfo(t, &forged).await;
            assert!(answer.status == 401 || answer.status == 400, "{forged}");
            assert!(!answer.body.contains("ana@"));
        }
        // Another kind of token of ours is no access token, however well signed.
        for other in [&tokens["id_token"], &tokens["refresh_token"]] {
            assert_eq!(rp.userinfo(t, other.as_str().unwrap()).await.error(), (401, "invalid_token".into()));
        }
    }

    async fn forged_hints_are_not_believed(t) {
        let ana = t.person(&t.acme, "ana").await;
        let bo = t.person(&t.acme, "bo").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let tokens = rp.tokens(t, &browser, &[]).await;
        let good = tokens["id_token"].as_str().unwrap().to_owned();
        let mut hints = forgeries(t, &rp, &good).await;
        hints.push(tokens["access_token"].as_str().unwrap().to_owned());
        for hint in hints {
            let silent = browser.get(t, &rp.auth(&[("prompt", "none"), ("id_token_hint", &hint)])).await;
            assert_eq!(silent.redirected_to(Rp::REDIRECT_URI)["error"], "login_required", "{hint}");
            // Nor do they sign anybody out without a question.
            let address = format!("{}?id_token_hint={hint}", rp.at("/oauth2/sessions/logout"));
            assert!(browser.get(t, &address).await.page(200).contains("Sign out of Acme?"));
        }
        // The control: the true one.
        let silent = browser.get(t, &rp.auth(&[("prompt", "none"), ("id_token_hint", &good)])).await;
        assert!(silent.redirected_to(Rp::REDIRECT_URI).contains_key("code"));
        // And one of another person leads to their sign-in.
        let other = Browser::new();
        other.sign_in(t, &t.acme, &bo).await;
        let silent = other.get(t, &rp.auth(&[("prompt", "none"), ("id_token_hint", &good)])).await;
        assert_eq!(silent.redirected_to(Rp::REDIRECT_URI)["error"], "login_required");
    }

    async fn a_token_in_the_query_is_not_read(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let tokens = rp.tokens(t, &browser, &[]).await;
        let address = format!("{}?access_token={}", rp.at("/userinfo"), tokens["access_token"].as_str().unwrap());
        let answer = t.send(Request::get(address).body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status.as_u16(), answer.header("www-authenticate")), (401, "Bearer realm=\"Muster\""));
    }
}

/// The token in every wrong dress.
async fn forgeries(t: &Test, rp: &Rp, good: &str) -> Vec<String> {
    let opened = rp.open(t, &Value::String(good.to_owned())).await;
    let (kid, typ) = (opened.header.kid.unwrap(), opened.header.typ.unwrap());
    let claims = Value::Object(opened.claims);
    let keys = t.get(&rp.at("/.well-known/jwks.json")).await;
    let keys = keys.json()["keys"].as_array().unwrap().clone();
    let public = keys.into_iter().find(|key| key["alg"] == "RS256").unwrap();
    let mine = SigningKey::generate(Alg::ES256).unwrap();
    let my_jwk = serde_json::to_value(mine.public_jwk()).unwrap();
    let mut forged = vec![mine.sign(Some(&typ), &claims).unwrap()];
    for (header, signature) in [
        (json!({"alg": "none", "typ": typ}), vec![]),
        (json!({"alg": "nOnE", "typ": typ, "kid": kid}), vec![]),
        // HMAC with what everybody can read as its key.
        (json!({"alg": "HS256", "typ": typ, "kid": kid}), hmac(public["n"].as_str().unwrap().as_bytes())),
        (json!({"alg": "RS256", "typ": typ, "kid": "../../dev/null"}), vec![0; 256]),
        (json!({"alg": "RS256", "typ": typ, "kid": "' UNION SELECT 1 --"}), vec![0; 256]),
        (json!({"alg": "ES256", "typ": typ, "kid": kid}), vec![0; 64]),
        (json!({"alg": "ES256", "typ": typ, "jwk": my_jwk}), vec![1; 64]),
        (json!({"alg": "RS256", "typ": typ, "kid": kid, "jku": "https://evil.test/jwks"}), vec![1; 256]),
        (json!({"alg": "RS256", "typ": typ, "kid": kid, "crit": ["x"]}), vec![1; 256]),
    ] {
        forged.push(forge(&header, &claims, &signature));
    }
    // Signed as it was, read otherwise.
    let (message, signature) = good.rsplit_once('.').unwrap();
    let (head, _) = message.split_once('.').unwrap();
    let mut richer = claims.clone();
    richer["exp"] = json!(9_999_999_999_i64);
    let payload = forge(&json!({}), &richer, &[]);
    forged.push(format!("{head}.{}.{signature}", payload.split('.').nth(1).unwrap()));
    forged.push(format!("{message}."));
    forged
}

/// Not the true HMAC: whatever it is, it must not be computed at all.
fn hmac(key: &[u8]) -> Vec<u8> {
    muster_base::digest(key).to_vec()
}
