//! Signed request objects (RFC 9101). Classes: JWT alg confusion, mix-up, replay, parameters beside the object.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use muster_directory::application::{Oidc, Requests};
use muster_directory::user::User;
use muster_jose::Alg;
use serde_json::{Value, json};

use crate::harness::{Answer, Browser, Rp, Signer, Test, forge, oidc};

async fn start(t: &Test, requests: Requests) -> (User, Rp, Browser, Signer) {
    let signer = Signer::new(Alg::ES256);
    let ana = t.person(&t.acme, "ana").await;
    let rp = t.app_for(&t.acme, &ana, Oidc { requests, ..signer.registered(oidc()) }).await;
    let browser = Browser::new();
    browser.sign_in(t, &t.acme, &ana).await;
    (ana, rp, browser, signer)
}

/// The error at the return address that the address itself names.
async fn told(t: &Test, rp: &Rp, browser: &Browser, object: &str) -> String {
    let answer = browser.get(t, &rp.auth(&[("request", object)])).await;
    let mut params = answer.redirected_to(Rp::REDIRECT_URI);
    assert_eq!((params["state"].as_str(), params.contains_key("code")), ("s1", false));
    params.remove("error").unwrap()
}

async fn by_value(t: &Test, rp: &Rp, browser: &Browser, object: &str) -> Answer {
    browser.get(t, &rp.bare(&[("request", object)])).await
}

both! {
    async fn a_signed_request_becomes_a_code(t) {
        let (ana, _, browser, _) = start(t, Requests::default()).await;
        for alg in Alg::ALL {
            let signer = Signer::new(alg);
            let rp = t.app_for(&t.acme, &ana, signer.registered(oidc())).await;
            let params = by_value(t, &rp, &browser, &signer.object(t, &rp, &json!({}))).await.redirected_to(Rp::REDIRECT_URI);
            assert_eq!(params["state"], "signed");
            rp.redeem(t, &params["code"]).await.ok();
        }
    }

    async fn what_stands_beside_the_object_does_not_count(t) {
        let (_, rp, browser, signer) = start(t, Requests::default()).await;
        let object = signer.object(t, &rp, &json!({"scope": "openid", "prompt": null}));
        let beside = [("request", object.as_str()), ("scope", "openid email"), ("prompt", "login"), ("state", "evil"),
            ("redirect_uri", "https://evil.test/"), ("response_mode", "fragment")];
        let params = browser.get(t, &rp.bare(&beside)).await.redirected_to(Rp::REDIRECT_URI);
        assert_eq!(params["state"], "signed");
        assert_eq!(rp.redeem(t, &params["code"]).await.ok()["scope"], "openid");
        // What is not in it is not asked for, although it stands beside it: PKCE.
        let object = signer.object(t, &rp, &json!({"code_challenge": null, "code_challenge_method": null}));
        assert_eq!(by_value(t, &rp, &browser, &object).await.redirected_to(Rp::REDIRECT_URI)["error"], "invalid_request");
    }

    async fn an_object_can_be_pushed(t) {
        let (_, rp, browser, signer) = start(t, Requests { require_signed_request_object: true, ..Requests::default() }).await;
        let object = signer.object(t, &rp, &json!({"claims": {"id_token": {"name": null}}, "max_age": 600}));
        let answer = rp.post(t, "/oauth2/par", &[("request", &object)]).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        let uri = answer.json()["request_uri"].as_str().unwrap().to_owned();
        let params = browser.get(t, &rp.bare(&[("request_uri", &uri)])).await.redirected_to(Rp::REDIRECT_URI);
        assert_eq!(params["state"], "signed");
        // Its return address is looked at as any other.
        let object = signer.object(t, &rp, &json!({"redirect_uri": "https://evil.test/"}));
        assert_eq!(rp.post(t, "/oauth2/par", &[("request", &object)]).await.error(), (400, "invalid_request".into()));
        by_value(t, &rp, &browser, &object).await.page(400);
        assert_eq!(rp.push(t, &[]).await.error(), (400, "invalid_request".into()), "it has to be signed");
    }

    async fn a_client_may_have_to_sign(t) {
        let (_, rp, browser, signer) = start(t, Requests { require_signed_request_object: true, ..Requests::default() }).await;
        let params = browser.get(t, &rp.auth(&[])).await.redirected_to(Rp::REDIRECT_URI);
        assert_eq!(params["error"], "invalid_request");
        assert!(params["error_description"].contains("sign"));
        by_value(t, &rp, &browser, &signer.object(t, &rp, &json!({}))).await.redirected_to(Rp::REDIRECT_URI);
    }

    async fn alg_confusion_only_a_registered_key_s_own_algorithm_counts(t) {
        let (ana, rp, browser, signer) = start(t, Requests::default()).await;
        let claims = Value::Object(Signer::claims(t, &rp, &json!({})));
        let public = serde_json::to_vec(&signer.key.public_jwk()).unwrap();
        let kid = signer.key.public_jwk().kid.unwrap();
        let own = signer.object(t, &rp, &json!({}));
        let signature = URL_SAFE_NO_PAD.decode(own.rsplit('.').next().unwrap()).unwrap();
        let stranger = Signer::new(Alg::ES256);
        let foreign = stranger.object(t, &rp, &json!({}));
        let embedded = json!({"alg": "ES256", "typ": "oauth-authz-req+jwt", "jwk": stranger.key.public_jwk()});
        for (what, object) in [
            ("none", forge(&json!({"alg": "none"}), &claims, b"")),
            ("nOnE", forge(&json!({"alg": "nOnE"}), &claims, b"")),
            ("HS256 with the public key", forge(&json!({"alg": "HS256", "kid": kid}), &claims, &public)),
            ("another algorithm", forge(&json!({"alg": "RS256", "kid": kid}), &claims, &signature)),
            ("changed claims", forge(&json!({"alg": "ES256", "kid": kid}), &claims, &signature)),
            ("a stranger's key", foreign.clone()),
            ("an embedded key", forge(&embedded, &claims, &signature)),
            ("a key by address", forge(&json!({"alg": "ES256", "jku": "https://evil.test/k"}), &claims, &signature)),
            ("a name of another key", forge(&json!({"alg": "ES256", "kid": "../../other"}), &claims, &signature)),
            ("an extension", forge(&json!({"alg": "ES256", "kid": kid, "crit": ["x"]}), &claims, &signature)),
            ("no token", "x".into()),
            ("an encrypted one", "a.b.c.d.e".into()),
        ] {
            assert_eq!(told(t, &rp, &browser, &object).await, "invalid_request_object", "{what}");
            by_value(t, &rp, &browser, &object).await.page(400);
        }
        // The control: the key is good.
        by_value(t, &rp, &browser, &own).await.redirected_to(Rp::REDIRECT_URI);
        // One algorithm is registered, the keys would fit another.
        let only = Requests { request_object_signing_alg: Some("RS256".into()), ..Requests::default() };
        t.set_oidc(&rp, Oidc { requests: only, ..signer.registered(oidc()) }).await;
        assert_eq!(told(t, &rp, &browser, &signer.object(t, &rp, &json!({}))).await, "invalid_request_object");
        // Another client's key, and no key at all.
        let without = t.app_for(&t.acme, &ana, oidc()).await;
        assert_eq!(told(t, &without, &browser, &signer.object(t, &without, &json!({}))).await, "invalid_request_object");
    }

    async fn mixup_it_is_from_this_client_for_this_issuer_now(t) {
        let (ana, rp, browser, signer) = start(t, Requests::default()).await;
        let other = t.app_for(&t.acme, &ana, oidc()).await;
        let now = t.clock.now().seconds();
        for changes in [
            json!({"iss": other.id}),
            json!({"client_id": other.id}),
            json!({"aud": format!("{}/o/blue", crate::harness::BASE)}),
            json!({"aud": null}),
            json!({"sub": rp.id}),
            json!({"exp": now - 61}),
            json!({"exp": now + 7200}),
            json!({"nbf": now + 120}),
            json!({"request_uri": "https://evil.test/"}),
        ] {
            let object = signer.object(t, &rp, &changes);
            assert_eq!(told(t, &rp, &browser, &object).await, "invalid_request_object", "{changes}");
        }
        let typed = signer.key.sign(Some("at+jwt"), &Signer::claims(t, &rp, &json!({}))).unwrap();
        assert_eq!(told(t, &rp, &browser, &typed).await, "invalid_request_object");
        let untyped = signer.key.sign(None, &Signer::claims(t, &rp, &json!({}))).unwrap();
        by_value(t, &rp, &browser, &untyped).await.redirected_to(Rp::REDIRECT_URI);
    }

    async fn replay_an_object_with_a_name_comes_once(t) {
        let (ana, rp, browser, signer) = start(t, Requests::default()).await;
        let object = signer.object(t, &rp, &json!({"jti": "j1"}));
        by_value(t, &rp, &browser, &object).await.redirected_to(Rp::REDIRECT_URI);
        assert_eq!(told(t, &rp, &browser, &object).await, "invalid_request_object");
        let address = rp.bare(&[("request", &object)]);
        browser.get_at(&t.other_node().await, &address).await.page(400);
        assert_eq!(rp.post(t, "/oauth2/par", &[("request", &object)]).await.error(), (400, "invalid_request_object".into()));
        // Each client has its own names, and the sweep forgets none that could come again.
        t.later(299);
        muster_oidc::prune(&t.d).await.unwrap();
        assert_eq!(told(t, &rp, &browser, &object).await, "invalid_request_object");
        let other = t.app_for(&t.acme, &ana, signer.registered(oidc())).await;
        let theirs = signer.object(t, &other, &json!({"jti": "j1"}));
        by_value(t, &other, &browser, &theirs).await.redirected_to(Rp::REDIRECT_URI);
    }

    async fn an_address_of_an_object_is_never_fetched(t) {
        let (_, rp, browser, _) = start(t, Requests::default()).await;
        for uri in ["https://app.example.test/request.jwt", "http://169.254.169.254/latest/", "file:///etc/passwd", "x"] {
            let params = browser.get(t, &rp.auth(&[("request_uri", uri)])).await.redirected_to(Rp::REDIRECT_URI);
            assert_eq!(params["error"], "request_uri_not_supported", "{uri}");
        }
        let both = rp.auth(&[("request_uri", "urn:ietf:params:oauth:request_uri:x"), ("request", "a.b.c")]);
        assert_eq!(browser.get(t, &both).await.redirected_to(Rp::REDIRECT_URI)["error"], "invalid_request");
    }
}
