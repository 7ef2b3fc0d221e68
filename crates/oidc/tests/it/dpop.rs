//! Proofs of possession (RFC 9449): tokens that are of no use without their key.

use axum::body::Body;
use http::Request;
use muster_directory::application::{AccessTokens, Authentication, Oidc};
use serde_json::{Value, json};

use crate::harness::{Answer, BASE, Browser, Key, Org, Rp, Test, VERIFIER, machine, oidc, public};

fn token_endpoint(org: &Org) -> String {
    format!("{BASE}/o/{}/oauth2/token", org.slug)
}

/// A token request with these proofs.
async fn post(t: &Test, rp: &Rp, proofs: &[&str], fields: &[(&str, &str)]) -> Answer {
    let id = rp.id.text();
    let mut fields = fields.to_vec();
    fields.push(("client_id", &id));
    if !rp.secret.is_empty() && rp.method != muster_directory::application::ClientAuthentication::None {
        fields.push(("client_secret", &rp.secret));
    }
    let headers: Vec<(&str, &str)> = proofs.iter().map(|proof| ("dpop", *proof)).collect();
    t.post(&rp.at("/oauth2/token"), &fields, &headers).await
}

async fn own(t: &Test, rp: &Rp, proof: &str) -> Answer {
    post(t, rp, &[proof], &[("grant_type", "client_credentials")]).await
}

async fn redeem(t: &Test, rp: &Rp, proof: Option<&str>, code: &str) -> Answer {
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", Rp::REDIRECT_URI),
        ("code_verifier", VERIFIER),
    ];
    post(t, rp, proof.as_slice(), &fields).await
}

async fn refresh(t: &Test, rp: &Rp, proof: Option<&str>, token: &str) -> Answer {
    post(t, rp, proof.as_slice(), &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
}

/// Userinfo with the token in one scheme, and a proof.
async fn userinfo(t: &Test, rp: &Rp, scheme: &str, token: &str, proof: Option<&str>) -> Answer {
    let mut request = Request::get(rp.at("/userinfo")).header("authorization", format!("{scheme} {token}"));
    if let Some(proof) = proof {
        request = request.header("dpop", proof);
    }
    t.send(request.body(Body::empty()).unwrap()).await
}

fn ath(token: &str) -> Value {
    json!({"ath": muster_oauth::dpop::hash(token)})
}

both! {
    async fn rfc9449_5_a_token_is_bound_to_the_key_of_the_proof(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let (key, thief) = (Key::new(), Key::new());
        let code = rp.code(t, &browser, &[]).await;
        let proof = key.proof(t, "POST", &token_endpoint(&t.acme), json!({}));
        let answer = redeem(t, &rp, Some(&proof), &code).await;
        assert!(!answer.header("dpop-nonce").is_empty());
        let tokens = answer.ok();
        assert_eq!(tokens["token_type"], "DPoP");
        let claims = rp.open(t, &tokens["access_token"]).await.claims;
        assert_eq!(claims["cnf"], json!({"jkt": key.thumbprint()}));
        let token = tokens["access_token"].as_str().unwrap();
        let address = format!("{BASE}/o/acme/userinfo");
        let good = key.proof(t, "GET", &address, ath(token));
        assert_eq!(userinfo(t, &rp, "DPoP", token, Some(&good)).await.ok()["sub"], json!(ana.id));
        // Section 7: with the key, for this token and this request, once.
        for (what, scheme, proof) in [
            ("the same again", "DPoP", Some(good)),
            ("as a bearer token", "Bearer", None),
            ("as a bearer token with a proof", "Bearer", Some(key.proof(t, "GET", &address, ath(token)))),
            ("without a proof", "DPoP", None),
            ("another key", "DPoP", Some(thief.proof(t, "GET", &address, ath(token)))),
            ("no ath", "DPoP", Some(key.proof(t, "GET", &address, json!({})))),
            ("another token's ath", "DPoP", Some(key.proof(t, "GET", &address, ath("other")))),
            ("another method", "DPoP", Some(key.proof(t, "POST", &address, ath(token)))),
            ("another address", "DPoP", Some(key.proof(t, "GET", &token_endpoint(&t.acme), ath(token)))),
        ] {
            let answer = userinfo(t, &rp, scheme, token, proof.as_deref()).await;
            assert_eq!(answer.status, 401, "{what}");
            let challenge = answer.header("www-authenticate");
            assert!(challenge.starts_with("DPoP ") && challenge.contains("error=") && challenge.contains("algs="), "{what}");
        }
        // A bearer token does not become a bound one by a proof.
        let plain = rp.tokens(t, &browser, &[]).await;
        let plain = plain["access_token"].as_str().unwrap();
        let proof = thief.proof(t, "GET", &address, ath(plain));
        assert_eq!(userinfo(t, &rp, "DPoP", plain, Some(&proof)).await.error(), (401, "invalid_token".into()));
    }

    async fn rfc9449_4_3_what_a_proof_must_be(t) {
        let rp = t.app(&t.acme, machine()).await;
        let key = Key::new();
        let (address, now) = (token_endpoint(&t.acme), t.clock.now().seconds());
        let claims = |jti: &str| json!({"htm": "POST", "htu": address, "iat": now, "jti": jti});
        let mut private = key.jwk();
        private["d"] = json!("AAAA");
        let other = Key::new();
        for (what, proof) in [
            ("another type", key.sign(&json!({"alg": "EdDSA", "typ": "JWT", "jwk": key.jwk()}), &claims("1"))),
            ("no type", key.sign(&json!({"alg": "EdDSA", "jwk": key.jwk()}), &claims("2"))),
            ("no key", key.sign(&json!({"alg": "EdDSA", "typ": "dpop+jwt"}), &claims("3"))),
            ("a private key", key.sign(&json!({"alg": "EdDSA", "typ": "dpop+jwt", "jwk": private}), &claims("4"))),
            ("another key's signature", other.sign(&json!({"alg": "EdDSA", "typ": "dpop+jwt", "jwk": key.jwk()}), &claims("5"))),
            ("none", key.sign(&json!({"alg": "none", "typ": "dpop+jwt", "jwk": key.jwk()}), &claims("6"))),
            ("symmetric", key.sign(&json!({"alg": "HS256", "typ": "dpop+jwt", "jwk": {"kty": "oct", "k": "AAAA"}}), &claims("7"))),
            ("another method", key.proof(t, "GET", &address, json!({}))),
            ("another address", key.proof(t, "POST", &token_endpoint(&t.blue), json!({}))),
            ("no method", key.proof(t, "POST", &address, json!({"htm": null}))),
            ("no address", key.proof(t, "POST", &address, json!({"htu": null}))),
            ("no name", key.proof(t, "POST", &address, json!({"jti": null}))),
            ("no time", key.proof(t, "POST", &address, json!({"iat": null}))),
            ("old", key.proof(t, "POST", &address, json!({"iat": now - 61}))),
            ("from the future", key.proof(t, "POST", &address, json!({"iat": now + 31}))),
            ("no token", "x".to_owned()),
            ("too long", format!("{}.a.b", "x".repeat(9000))),
        ] {
            assert_eq!(own(t, &rp, &proof).await.error(), (400, "invalid_dpop_proof".into()), "{what}");
        }
        let one = key.proof(t, "POST", &address, json!({}));
        let two = key.proof(t, "POST", &address, json!({}));
        let answer = post(t, &rp, &[&one, &two], &[("grant_type", "client_credentials")]).await;
        assert_eq!(answer.error(), (400, "invalid_dpop_proof".into()));
        // Query and fragment do not count, nor how the address is written.
        for address in [format!("{address}?x=1"), "HTTPS://ID.example.test:443/o/acme/oauth2/token".to_owned()] {
            own(t, &rp, &key.proof(t, "POST", &address, json!({}))).await.ok();
        }
    }

    async fn replay_of_a_proof_also_on_another_node(t) {
        let rp = t.app(&t.acme, machine()).await;
        let key = Key::new();
        let proof = key.proof(t, "POST", &token_endpoint(&t.acme), json!({"jti": "once"}));
        own(t, &rp, &proof).await.ok();
        assert_eq!(own(t, &rp, &proof).await.error(), (400, "invalid_dpop_proof".into()));
        let node = t.other_node().await;
        let id = rp.id.text();
        let fields = [("grant_type", "client_credentials"), ("client_id", &*id), ("client_secret", &*rp.secret)];
        let request = crate::harness::form(&rp.at("/oauth2/token"), &fields, &[("dpop", &proof)]);
        assert_eq!(t.send_to(&node, request).await.error(), (400, "invalid_dpop_proof".into()));
        // The name is the key's: another key may use it too.
        own(t, &rp, &Key::new().proof(t, "POST", &token_endpoint(&t.acme), json!({"jti": "once"}))).await.ok();
    }

    async fn rfc9449_8_nonces(t) {
        let access = AccessTokens { dpop_nonce_required: true, ..machine().access };
        let rp = t.app(&t.acme, Oidc { access, ..machine() }).await;
        let key = Key::new();
        let (address, now) = (token_endpoint(&t.acme), t.clock.now().seconds());
        let answer = own(t, &rp, &key.proof(t, "POST", &address, json!({}))).await;
        assert_eq!(answer.error(), (400, "use_dpop_nonce".into()));
        let nonce = answer.header("dpop-nonce").to_owned();
        // With a nonce the client's clock does not count.
        let answer = own(t, &rp, &key.proof(t, "POST", &address, json!({"nonce": nonce, "iat": now - 86_400}))).await;
        assert!(!answer.header("dpop-nonce").is_empty());
        assert_eq!(answer.ok()["token_type"], "DPoP");
        for wrong in ["x", "", &nonce[1..]] {
            let answer = own(t, &rp, &key.proof(t, "POST", &address, json!({"nonce": wrong}))).await;
            let code = if wrong.is_empty() { "invalid_dpop_proof" } else { "use_dpop_nonce" };
            assert_eq!(answer.error(), (400, code.into()), "{wrong}");
        }
        // Another organization's, and one that is too old.
        let elsewhere = t.app(&t.blue, machine()).await;
        let proof = key.proof(t, "POST", &token_endpoint(&t.blue), json!({"nonce": nonce}));
        assert_eq!(own(t, &elsewhere, &proof).await.error(), (400, "use_dpop_nonce".into()));
        t.later(300);
        let late = own(t, &rp, &key.proof(t, "POST", &address, json!({"nonce": nonce}))).await;
        assert_eq!(late.error(), (400, "use_dpop_nonce".into()));
    }

    async fn rfc9449_5_refresh_tokens_of_a_public_client_are_bound(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, public()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let (key, thief, address) = (Key::new(), Key::new(), token_endpoint(&t.acme));
        let code = rp.code(t, &browser, &[]).await;
        let tokens = redeem(t, &rp, Some(&key.proof(t, "POST", &address, json!({}))), &code).await.ok();
        let token = tokens["refresh_token"].as_str().unwrap();
        let stolen = thief.proof(t, "POST", &address, json!({}));
        for proof in [None, Some(stolen.as_str())] {
            assert_eq!(refresh(t, &rp, proof, token).await.error(), (400, "invalid_grant".into()));
        }
        // The thief used nothing up, and the bound token may be asked for again if its answer was lost.
        let next = refresh(t, &rp, Some(&key.proof(t, "POST", &address, json!({}))), token).await.ok();
        assert_eq!(next["token_type"], "DPoP");
        let again = refresh(t, &rp, Some(&key.proof(t, "POST", &address, json!({}))), token).await.ok();
        assert_eq!(again["refresh_token"], next["refresh_token"]);
    }

    async fn rfc9449_10_a_code_can_be_bound_from_the_start(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let (key, thief, address) = (Key::new(), Key::new(), token_endpoint(&t.acme));
        let jkt = key.thumbprint();
        let code = rp.code(t, &browser, &[("dpop_jkt", &jkt)]).await;
        redeem(t, &rp, Some(&key.proof(t, "POST", &address, json!({}))), &code).await.ok();
        for proof in [None, Some(thief.proof(t, "POST", &address, json!({})))] {
            let code = rp.code(t, &browser, &[("dpop_jkt", &jkt)]).await;
            assert_eq!(redeem(t, &rp, proof.as_deref(), &code).await.error(), (400, "invalid_grant".into()));
        }
        let malformed = browser.get(t, &rp.auth(&[("dpop_jkt", "x")])).await.redirected_to(Rp::REDIRECT_URI);
        assert_eq!(malformed["error"], "invalid_request");
    }

    async fn a_client_that_is_registered_for_it_must_prove(t) {
        let authentication = Authentication { dpop_bound_access_tokens: true, ..Authentication::default() };
        let rp = t.app(&t.acme, Oidc { authentication, ..machine() }).await;
        let answer = rp.post(t, "/oauth2/token", &[("grant_type", "client_credentials")]).await;
        assert_eq!(answer.error(), (400, "invalid_request".into()));
        own(t, &rp, &Key::new().proof(t, "POST", &token_endpoint(&t.acme), json!({}))).await.ok();
    }
}
