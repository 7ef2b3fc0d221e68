//! Codes, status, body and challenge.

use muster_oauth::{Error, ErrorCode};
use serde_json::json;

#[test]
fn status_of_each_code() {
    use ErrorCode::*;
    let status = |code| Error::new(code, "").status();
    assert_eq!((status(InvalidClient), status(InvalidToken), status(InsufficientScope)), (401, 401, 403));
    assert_eq!((status(ServerError), status(TemporarilyUnavailable)), (500, 503));
    for code in [InvalidRequest, InvalidGrant, UnauthorizedClient, UnsupportedGrantType, InvalidScope, LoginRequired] {
        assert_eq!(status(code), 400);
    }
}

#[test]
fn names_are_the_registered_ones() {
    for code in [ErrorCode::InvalidRequest, ErrorCode::RequestUriNotSupported, ErrorCode::AccountSelectionRequired] {
        assert_eq!(serde_json::to_value(code).unwrap(), json!(code.as_str()));
    }
    let error = Error::new(ErrorCode::InvalidGrant, "the code has expired");
    assert_eq!(error.json(), json!({ "error": "invalid_grant", "error_description": "the code has expired" }));
    assert_eq!(serde_json::to_value(&error).unwrap(), error.json());
}

#[test]
fn descriptions_stay_within_the_characters_of_rfc_6749() {
    let error = Error::invalid_request("a \"quote\", a \\, a line\r\nSet-Cookie: x=1, a ü");
    assert_eq!(error.description, "a 'quote', a /, a line??Set-Cookie: x=1, a ?");
    assert_eq!(Error::invalid_request("x".repeat(10_000)).description.len(), 500);
}

#[test]
fn challenges() {
    let of = |code| Error::new(code, "why").www_authenticate("muster");
    assert_eq!(of(ErrorCode::InvalidClient).as_deref(), Some("Basic realm=\"muster\""));
    assert_eq!(
        of(ErrorCode::InvalidToken).as_deref(),
        Some("Bearer realm=\"muster\", error=\"invalid_token\", error_description=\"why\"")
    );
    assert!(of(ErrorCode::InsufficientScope).unwrap().contains("error=\"insufficient_scope\""));
    assert_eq!(of(ErrorCode::InvalidGrant), None);
    assert_eq!(Error::new(ErrorCode::InvalidClient, "").www_authenticate("a\"\r\nb").unwrap(), "Basic realm=\"a'??b\"");
}
