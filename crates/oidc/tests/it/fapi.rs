//! The FAPI 2.0 profiles from end to end: pushed and signed requests, a client that authenticates by its key, tokens bound
//! to a key, signed answers (FAPI 2.0 Security Profile section 5.3, Message Signing section 5).

use muster_directory::application::{
    Authentication, ClientAuthentication, Oidc, Requests, SigningAlg, SubjectType, Tokens,
};
use muster_oauth::assertion::TYPE;
use serde_json::{Value, json};

use crate::harness::{Answer, Browser, Key, Rp, Signer, Test, VERIFIER, oidc};

/// Everything that the profiles demand, demanded of this client.
fn strict(key: &Key) -> Oidc {
    Oidc {
        token_endpoint_auth_method: ClientAuthentication::PrivateKeyJwt,
        id_token_signed_response_alg: SigningAlg::Es256,
        authentication: Authentication {
            jwks: Some(key.registered()),
            dpop_bound_access_tokens: true,
            ..Authentication::default()
        },
        requests: Requests {
            require_pushed_authorization_requests: true,
            require_signed_request_object: true,
            authorization_signed_response_alg: Some(SigningAlg::Es256),
            ..Requests::default()
        },
        ..oidc()
    }
}

/// A form with a fresh assertion, and a proof.
async fn post(t: &Test, rp: &Rp, key: &Key, path: &str, fields: &[(&str, &str)], proof: Option<&str>) -> Answer {
    let assertion = key.assertion(t, rp, json!({}));
    let mut fields = fields.to_vec();
    fields.extend([("client_assertion_type", TYPE), ("client_assertion", assertion.as_str())]);
    let headers: Vec<(&str, &str)> = proof.map(|proof| ("dpop", proof)).into_iter().collect();
    t.post(&rp.at(path), &fields, &headers).await
}

fn proof(t: &Test, rp: &Rp, key: &Key, path: &str) -> String {
    key.proof(t, "POST", &format!("{}{path}", rp.issuer()), json!({}))
}

/// A signed request, pushed with a proof of the key.
async fn push(t: &Test, rp: &Rp, key: &Key, changes: Value, proof: Option<&str>) -> Answer {
    let claims = Value::Object(Signer::claims(t, rp, &changes));
    let object = key.sign(&json!({"alg": "EdDSA", "typ": "oauth-authz-req+jwt"}), &claims);
    post(t, rp, key, "/oauth2/par", &[("request", &object)], proof).await
}

async fn redeem(t: &Test, rp: &Rp, key: &Key, code: &str, proof: Option<&str>) -> Answer {
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", Rp::REDIRECT_URI),
        ("code_verifier", VERIFIER),
    ];
    post(t, rp, key, "/oauth2/token", &fields, proof).await
}

/// The code in the signed answer to a pushed request.
async fn code(t: &Test, rp: &Rp, browser: &Browser, pushed: Answer) -> String {
    assert_eq!(pushed.status, 201, "{}", pushed.body);
    let uri = pushed.json()["request_uri"].as_str().unwrap().to_owned();
    let mut params = browser.get(t, &rp.bare(&[("request_uri", &uri)])).await.redirected_to(Rp::REDIRECT_URI);
    let answer = rp.open(t, &params.remove("response").unwrap().into()).await;
    assert_eq!(answer.claims["iss"], rp.issuer());
    answer.claims["code"].as_str().unwrap().to_owned()
}

both! {
    async fn every_step_of_the_profiles_together(t) {
        let key = Key::new();
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, strict(&key)).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let pushed = push(t, &rp, &key, json!({"response_mode": "jwt", "jti": "j1"}), Some(&proof(t, &rp, &key, "/oauth2/par"))).await;
        let code = code(t, &rp, &browser, pushed).await;
        let tokens = redeem(t, &rp, &key, &code, Some(&proof(t, &rp, &key, "/oauth2/token"))).await.ok();
        assert_eq!(tokens["token_type"], "DPoP");
        let id_token = rp.open(t, &tokens["id_token"]).await;
        assert_eq!((id_token.header.alg.name(), &id_token.claims["nonce"]), ("ES256", &json!("n1")));
        let access_token = rp.open(t, &tokens["access_token"]).await;
        assert_eq!(access_token.claims["cnf"]["jkt"], key.thumbprint());
        // None of it goes without: no push, no signature, no assertion.
        let direct = browser.get(t, &rp.auth(&[("response_mode", "jwt")])).await.redirected_to(Rp::REDIRECT_URI);
        let direct = rp.open(t, &direct["response"].clone().into()).await.claims;
        assert_eq!(direct["error"], "invalid_request");
        let fields = rp.request(&[]);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(post(t, &rp, &key, "/oauth2/par", &fields, None).await.error(), (400, "invalid_request".into()));
        assert_eq!(t.post(&rp.at("/oauth2/par"), &fields, &[]).await.error().1, "invalid_client");
    }

    async fn rfc9449_10_1_a_proof_at_the_push_binds_the_code(t) {
        let (key, thief) = (Key::new(), Key::new());
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, strict(&key)).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let own = || json!({"response_mode": "jwt"});
        let pushed = push(t, &rp, &key, own(), Some(&proof(t, &rp, &key, "/oauth2/par"))).await;
        let bound = code(t, &rp, &browser, pushed).await;
        let stolen = redeem(t, &rp, &key, &bound, Some(&proof(t, &rp, &thief, "/oauth2/token"))).await;
        assert_eq!(stolen.error(), (400, "invalid_grant".into()));
        // Without one any key will do: the control.
        let pushed = push(t, &rp, &key, own(), None).await;
        let free = code(t, &rp, &browser, pushed).await;
        redeem(t, &rp, &key, &free, Some(&proof(t, &rp, &thief, "/oauth2/token"))).await.ok();
        // A name of a key has to be the one that is proved; a proof is for this endpoint, and comes once.
        let named = json!({"response_mode": "jwt", "dpop_jkt": thief.thumbprint()});
        let refused = push(t, &rp, &key, named, Some(&proof(t, &rp, &key, "/oauth2/par"))).await;
        assert_eq!(refused.error(), (400, "invalid_request".into()));
        let elsewhere = push(t, &rp, &key, own(), Some(&proof(t, &rp, &key, "/oauth2/token"))).await;
        assert_eq!(elsewhere.error(), (400, "invalid_dpop_proof".into()));
        let once = proof(t, &rp, &key, "/oauth2/par");
        assert_eq!(push(t, &rp, &key, own(), Some(&once)).await.status, 201);
        assert_eq!(push(t, &rp, &key, own(), Some(&once)).await.error(), (400, "invalid_dpop_proof".into()));
    }

    async fn the_claim_sub_is_the_name_that_the_application_knows(t) {
        let ana = t.person(&t.acme, "ana").await;
        let tokens = Tokens { subject_type: SubjectType::Pairwise, ..Tokens::default() };
        let rp = t.app_for(&t.acme, &ana, Oidc { tokens, ..oidc() }).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let tokens = rp.tokens(t, &browser, &[]).await;
        let name = rp.open(t, &tokens["id_token"]).await.claims["sub"].as_str().unwrap().to_owned();
        let wanted = |sub: &str| json!({"id_token": {"sub": {"value": sub}}}).to_string();
        rp.code(t, &browser, &[("prompt", "none"), ("claims", &wanted(&name))]).await;
        // The person's own id is not a name here.
        let silent = rp.auth(&[("prompt", "none"), ("claims", &wanted(&ana.id.text()))]);
        assert_eq!(browser.get(t, &silent).await.redirected_to(Rp::REDIRECT_URI)["error"], "login_required");
    }
}
