//! Introspection requests, and in which form the answer is wanted.

use muster_oauth::ErrorCode::InvalidRequest;
use muster_oauth::introspect::{Request, SIGNED, inactive, signed_claims, wants_signed};
use muster_oauth::revoke::Hint;
use serde_json::json;

use crate::{code, params};

#[test]
fn rfc7662_2_1_requests() {
    let read = Request::read(&params("token=x&token_type_hint=refresh_token")).unwrap();
    assert_eq!((read.token.as_str(), read.token_type_hint), ("x", Some(Hint::RefreshToken)));
    assert_eq!(format!("{read:?}"), "Request { token_type_hint: Some(RefreshToken), .. }");
    assert_eq!(Request::read(&params("token=x&token_type_hint=other")).unwrap().token_type_hint, None);
    for raw in ["", "token=", "token_type_hint=access_token"] {
        assert_eq!(code(Request::read(&params(raw))), InvalidRequest);
    }
}

#[test]
fn rfc9701_4_and_5_the_signed_form() {
    for accept in [SIGNED, "text/html, APPLICATION/token-introspection+JWT;q=0.9"] {
        assert!(wants_signed(Some(accept)), "{accept}");
    }
    for accept in [None, Some(""), Some("*/*"), Some("application/json"), Some("application/jwt")] {
        assert!(!wants_signed(accept), "{accept:?}");
    }
    let claims = signed_claims("https://id.example", "app", 7, inactive());
    assert_eq!(
        claims,
        json!({"iss": "https://id.example", "aud": "app", "iat": 7, "token_introspection": {"active": false}})
    );
}
