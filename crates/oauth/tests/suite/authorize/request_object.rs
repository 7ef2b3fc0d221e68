//! RFC 9101: what an object may say, from whom, for whom and when.

use crate::code;
use muster_oauth::Error;
use muster_oauth::ErrorCode::InvalidRequestObject;
use muster_oauth::authorize::request_object::{Checks, MAX_LIFE_S, Opened, SKEW_S, is_type, read};
use serde_json::{Value, json};

const ISSUER: &str = "https://id.example.com/o/acme";
const NOW: i64 = 1_763_456_789;
const CHECKS: Checks<'_> = Checks { client_id: "app", issuer: ISSUER, now_s: NOW };

/// A good object with some members changed; null leaves one out.
fn open(changes: Value) -> Result<Opened, Error> {
    let mut claims = json!({"iss": "app", "aud": ISSUER, "exp": NOW + 300, "client_id": "app", "response_type": "code",
        "redirect_uri": "https://app/cb", "scope": "openid", "state": "s"});
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    let mut claims = claims.as_object().unwrap().clone();
    claims.retain(|_, value| !value.is_null());
    read(&claims, &CHECKS)
}

fn refused(changes: Value) {
    assert_eq!(code(open(changes.clone())), InvalidRequestObject, "{changes}");
}

#[test]
fn its_claims_are_the_parameters() {
    let opened = open(json!({"max_age": 60, "claims": {"id_token": {"email": null}}, "resource": ["urn:a", "urn:b"],
        "jti": "j1", "sub": "someone", "iat": NOW, "nbf": NOW, "unknown": {"x": [1]}, "flag": true}))
    .unwrap();
    let params = &opened.params;
    assert_eq!(
        (params.get("max_age"), params.get("scope"), params.get("state")),
        (Some("60"), Some("openid"), Some("s"))
    );
    assert_eq!(params.get("claims"), Some(r#"{"id_token":{"email":null}}"#));
    assert_eq!(params.all("resource").collect::<Vec<_>>(), ["urn:a", "urn:b"]);
    for name in ["iss", "aud", "exp", "iat", "nbf", "jti", "sub", "unknown", "flag"] {
        assert_eq!(params.get(name), None, "{name} is no parameter");
    }
    assert_eq!((opened.jti.as_deref(), opened.expires_at_s), (Some("j1"), NOW + 300 + SKEW_S));
    assert_eq!(open(json!({"client_id": null, "iss": null})).unwrap().params.get("client_id"), Some("app"));
    assert!(open(json!({"aud": ["https://other", ISSUER]})).is_ok());
}

#[test]
fn mixed_up_parties() {
    for changes in [
        json!({"client_id": "other"}),
        json!({"iss": "other"}),
        json!({"iss": 1}),
        json!({"aud": null}),
        json!({"aud": "https://id.example.com"}),
        json!({"aud": ["https://other"]}),
        json!({"aud": format!("{ISSUER}/")}),
        // Class: JWT confusion. A client assertion of the same client (RFC 9101 section 10.8).
        json!({"sub": "app"}),
    ] {
        refused(changes);
    }
}

#[test]
fn its_time() {
    for changes in [
        json!({"exp": NOW - SKEW_S}),
        json!({"exp": NOW + MAX_LIFE_S + 1}),
        json!({"exp": NOW + 4000, "nbf": NOW - 10}),
        json!({"exp": "soon"}),
        json!({"exp": 1.5}),
        json!({"nbf": NOW + SKEW_S + 1}),
        json!({"iat": NOW + SKEW_S + 1}),
        json!({"exp": null, "iat": NOW - MAX_LIFE_S}),
        json!({"exp": i64::MAX}),
        json!({"nbf": i64::MIN, "exp": NOW + 1}),
    ] {
        refused(changes);
    }
    for changes in [
        json!({"exp": NOW - SKEW_S + 1}),
        json!({"nbf": NOW + SKEW_S}),
        json!({"exp": null}),
        json!({"exp": null, "iat": NOW - MAX_LIFE_S + 1}),
    ] {
        assert!(open(changes.clone()).is_ok(), "{changes}");
    }
}

#[test]
fn nothing_that_points_elsewhere() {
    for changes in [
        json!({"request": "a.b.c"}),
        json!({"request_uri": "https://evil.example/r"}),
        json!({"request": ""}),
        json!({"jti": ""}),
        json!({"jti": 7}),
        json!({"jti": "x".repeat(513)}),
        json!({"state": "a\u{0}b"}),
        json!({"resource": [1]}),
        json!({"state": "x".repeat(20_000)}),
    ] {
        refused(changes);
    }
}

#[test]
fn its_type() {
    for good in [None, Some("oauth-authz-req+jwt"), Some("application/oauth-authz-req+jwt"), Some("JWT"), Some("jwt")] {
        assert!(is_type(good), "{good:?}");
    }
    for bad in ["at+jwt", "dpop+jwt", "logout+jwt", "client-authentication+jwt", "secevent+jwt", ""] {
        assert!(!is_type(Some(bad)), "{bad}");
    }
}
