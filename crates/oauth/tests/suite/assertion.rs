//! Client assertions: what they must say, whatever they say.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use muster_oauth::ErrorCode::InvalidClient;
use muster_oauth::assertion::{Expected, LIFE_MAX_S, SKEW_S, check, claimed_subject, is_type};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::code;

const NOW: i64 = 1_763_456_789;

fn audiences() -> [String; 2] {
    ["https://id.example/o/acme".to_owned(), "https://id.example/o/acme/oauth2/token".to_owned()]
}

fn good() -> Map<String, Value> {
    let claims = json!({"iss": "app", "sub": "app", "aud": "https://id.example/o/acme", "exp": NOW + 60, "jti": "j1"});
    claims.as_object().unwrap().clone()
}

fn outcome(claims: &Map<String, Value>) -> Result<muster_oauth::assertion::Assertion, muster_oauth::Error> {
    check(claims, &Expected { client_id: "app", audiences: &audiences(), now_s: NOW })
}

#[test]
fn rfc7523_3_a_good_one() {
    let assertion = outcome(&good()).unwrap();
    assert_eq!((assertion.jti.as_str(), assertion.expires_at_s), ("j1", NOW + 60));
    // Some libraries write fractions.
    let mut fraction = good();
    fraction.insert("exp".into(), json!(f64::from(60_u32) + NOW as f64 + 0.5));
    assert_eq!(outcome(&fraction).unwrap().expires_at_s, NOW + 60);
}

#[test]
fn rfc7523_3_the_life_is_bounded() {
    for (exp, good_one) in
        [(NOW, false), (NOW + 1, true), (NOW + LIFE_MAX_S + SKEW_S, true), (NOW + LIFE_MAX_S + SKEW_S + 1, false)]
    {
        let mut claims = good();
        claims.insert("exp".into(), exp.into());
        assert_eq!(outcome(&claims).is_ok(), good_one, "{exp}");
    }
    for name in ["nbf", "iat"] {
        for (from, good_one) in [(NOW + SKEW_S, true), (NOW + SKEW_S + 1, false), (NOW - 86_400, true)] {
            let mut claims = good();
            claims.insert(name.into(), from.into());
            assert_eq!(outcome(&claims).is_ok(), good_one, "{name} {from}");
        }
    }
}

#[test]
fn whose_it_claims_to_be_is_read_without_trust() {
    let token = |payload: &str| format!("x.{}.y", URL_SAFE_NO_PAD.encode(payload));
    assert_eq!(claimed_subject(&token(r#"{"sub":"app"}"#)).as_deref(), Some("app"));
    for text in ["", "x", "x.y", ".", "..", &token("[]"), &token(r#"{"sub":1}"#), &token("{")] {
        assert_eq!(claimed_subject(text), None, "{text}");
    }
    assert!(is_type(None) && is_type(Some("jwt")) && is_type(Some("client-authentication+jwt")));
    for typ in ["at+jwt", "dpop+jwt", "logout+jwt", "oauth-authz-req+jwt", ""] {
        assert!(!is_type(Some(typ)), "{typ}");
    }
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!("app")),
        Just(json!(["https://id.example/o/acme"])),
        (NOW - 5..NOW + 5).prop_map(Value::from),
    ]
}

proptest! {
    /// Whatever stands in the claims: an answer or `invalid_client`, and a good answer only for what the rules say.
    #[test]
    fn any_claims(changes in prop::collection::vec((prop::sample::select(vec!["iss", "sub", "aud", "exp", "nbf", "iat", "jti"]), value()), 0..4)) {
        let mut claims = good();
        for (name, value) in changes {
            claims.insert(name.to_owned(), value);
        }
        match outcome(&claims) {
            Ok(assertion) => {
                prop_assert!(claims["iss"] == "app" && claims["sub"] == "app");
                prop_assert!(assertion.expires_at_s > NOW && assertion.expires_at_s <= NOW + LIFE_MAX_S + SKEW_S);
                prop_assert!(!assertion.jti.is_empty());
            }
            Err(error) => prop_assert_eq!(error.code, InvalidClient),
        }
    }

    #[test]
    fn any_text(text in any::<String>()) {
        let _ = claimed_subject(&text);
        let _ = is_type(Some(&text));
    }
}

#[test]
fn an_audience_of_several_is_refused() {
    for audience in
        [json!([]), json!(["https://id.example/o/acme", "https://other.example"]), json!({}), json!(1), json!("x")]
    {
        let mut claims = good();
        claims.insert("aud".into(), audience);
        assert_eq!(code(outcome(&claims)), InvalidClient);
    }
}
