//! Every reader on anything at all: an answer or an error, never a panic.

use muster_oauth::authorize::{ClaimsRequest, ClientRules, Request, Target, claims, request_object};
use muster_oauth::discovery::{IssuerRule, Metadata, check, well_known_url};
use muster_oauth::redirect_uri::{check_registration, registered};
use muster_oauth::relying_party::{Callback, EmailVerified, IdTokenChecks, SubjectRule, check_id_token, read_answer};
use muster_oauth::{Params, Scope, bearer, client_auth, logout, par, pkce, resource, revoke, token};
use proptest::prelude::*;
use serde_json::{Map, Value};

fn names() -> impl Strategy<Value = String> {
    let known = [
        "client_id",
        "client_secret",
        "redirect_uri",
        "response_type",
        "response_mode",
        "scope",
        "state",
        "nonce",
        "prompt",
        "max_age",
        "code",
        "code_verifier",
        "code_challenge",
        "code_challenge_method",
        "grant_type",
        "refresh_token",
        "token",
        "iss",
        "error",
        "error_description",
        "ui_locales",
        "display",
        "acr_values",
        "request",
        "claims",
        "resource",
    ];
    prop_oneof![prop::sample::select(known.to_vec()).prop_map(str::to_owned), "[ -~]{0,8}"]
}

fn values() -> impl Strategy<Value = String> {
    let known = [
        "code",
        "openid",
        "none",
        "none login",
        "S256",
        "plain",
        "authorization_code",
        "refresh_token",
        "-1",
        "99999999999999999999",
        "form_post",
    ];
    prop_oneof![prop::sample::select(known.to_vec()).prop_map(str::to_owned), "[A-Za-z0-9_-]{43}", any::<String>()]
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| prop::collection::vec(inner, 0..3).prop_map(Value::from))
}

proptest! {
    #[test]
    fn readers_of_requests(pairs in prop::collection::vec((names(), values()), 0..8), junk in any::<String>(), public in any::<bool>()) {
        let mut serializer = url::form_urlencoded::Serializer::new(String::new());
        serializer.extend_pairs(&pairs);
        for raw in [serializer.finish(), junk.clone()] {
            let Ok(params) = Params::parse(&raw) else { continue };
            let _ = Target::read(&params);
            let rules = ClientRules { public, pkce_required: public, code_allowed: true };
            if let Ok(request) = Request::read(&params, &rules) {
                prop_assert!(request.scope.contains("openid"));
                prop_assert!(!public || request.code_challenge.is_some());
            }
            let _ = (token::Request::read(&params), revoke::Request::read(&params), logout::Request::read(&params));
            let _ = (Callback::read(&params), client_auth::read(Some(&junk), &params), bearer::read(Some(&junk), Some(&params)));
        }
    }

    #[test]
    fn readers_of_claims_parameters(text in any::<String>(), value in json(), place in "id_token|userinfo|x", name in "[a-z.]{0,6}") {
        let nested = serde_json::json!({ (place): { (name): value } }).to_string();
        for text in [&text, &nested] {
            if let Ok(read) = ClaimsRequest::read(text) {
                prop_assert!(read.names().len() <= 2 * claims::MAX_CLAIMS);
                // What a grant keeps is what was asked.
                let kept: ClaimsRequest = serde_json::from_str(&serde_json::to_string(&read).unwrap()).unwrap();
                prop_assert_eq!(kept, read);
            }
        }
    }

    #[test]
    fn readers_of_request_objects(
        pairs in prop::collection::vec((prop_oneof![names(), "iss|aud|exp|nbf|iat|jti|sub|claims|resource|request_uri"], json()), 0..10),
        now_s in any::<i64>(), good in any::<bool>(),
    ) {
        let mut claims: Map<String, Value> = pairs.into_iter().collect();
        if good {
            claims.extend([("aud".to_owned(), Value::from("https://id")), ("iss".to_owned(), Value::from("app"))]);
            claims.remove("client_id");
        }
        let checks = request_object::Checks { client_id: "app", issuer: "https://id", now_s };
        if let Ok(opened) = request_object::read(&claims, &checks) {
            // Nothing of another client, nothing that points elsewhere, nothing for longer than it may be kept.
            prop_assert_eq!(opened.params.get("client_id"), Some("app"));
            prop_assert!(opened.params.get("request").is_none() && opened.params.get("request_uri").is_none());
            prop_assert!(opened.expires_at_s.saturating_sub(now_s) <= request_object::MAX_LIFE_S + 2 * request_object::SKEW_S);
        }
    }

    #[test]
    fn readers_of_text(junk in any::<String>(), uri in "(https?|[a-z.]{1,9}):[ -~]{0,40}") {
        for text in [&junk, &uri] {
            let _ = (Scope::parse(text), pkce::verify(text, text), check_registration(text, true), well_known_url(text));
            let _ = registered(text, std::slice::from_ref(&uri), true);
            let _ = (par::reference(text), resource::check(text), request_object::is_type(Some(text)));
            let _ = (Metadata::parse(text.as_bytes()), read_answer(200, text.as_bytes()));
            let metadata = Metadata { issuer: text.clone(), token_endpoint: Some(text.clone()), ..Metadata::default() };
            prop_assert!(check(&metadata, &junk, true).is_err(), "endpoints are missing");
        }
    }

    #[test]
    fn readers_of_claims(values in prop::collection::vec(json(), 9), now_s in any::<i64>(), skew_s in any::<i64>(), age in any::<Option<u32>>()) {
        let names = ["iss", "aud", "exp", "iat", "nbf", "nonce", "sub", "auth_time", "azp"];
        let mut claims: Map<String, Value> = names.iter().map(|name| (*name).to_owned()).zip(values.clone()).collect();
        let issuer = IssuerRule::Fixed("https://id.example.com".to_owned());
        let checks = IdTokenChecks {
            issuer: &issuer, client_id: "app", nonce: "n", now_s, skew_s, max_token_age_s: Some(i64::MAX), max_age_s: age,
            at_hash: Some("x"), subject: SubjectRule::TidOid,
        };
        prop_assert!(check_id_token(&claims, &checks).is_err());
        // The same with everything right but the times, so that the arithmetic is reached.
        for (name, value) in [("iss", "https://id.example.com"), ("aud", "app"), ("nonce", "n"), ("sub", "s"), ("tid", "t"), ("oid", "o")] {
            claims.insert(name.to_owned(), value.into());
        }
        claims.remove("azp");
        let _ = check_id_token(&claims, &checks);
        let verified = EmailVerified::read(values.first());
        prop_assert!(verified != EmailVerified::True || values[0] == true);
    }
}
