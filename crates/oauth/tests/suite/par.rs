//! RFC 9126: what a client pushes, and under which name it is found.

use crate::{code, params};
use muster_oauth::{ErrorCode, par};

#[test]
fn the_request_without_the_client_s_authentication() {
    let form = params(
        "client_id=app&client_secret=s&client_assertion=a.b.c&client_assertion_type=t&scope=openid&resource=urn:a&resource=urn:b",
    );
    let request = par::parameters(&form, "app").unwrap();
    assert_eq!(request.to_query(), "client_id=app&scope=openid&resource=urn%3Aa&resource=urn%3Ab");
    // HTTP Basic names the client outside the form.
    assert_eq!(par::parameters(&params("scope=openid"), "app").unwrap().get("client_id"), Some("app"));
}

#[test]
fn another_client_and_a_reference_are_refused() {
    for raw in ["client_id=other", "request_uri=https://app/r", "request_uri=urn:ietf:params:oauth:request_uri:x"] {
        assert_eq!(code(par::parameters(&params(raw), "app")), ErrorCode::InvalidRequest, "{raw}");
    }
}

#[test]
fn names() {
    let uri = par::request_uri("abc-_9");
    assert_eq!((uri.as_str(), par::reference(&uri)), ("urn:ietf:params:oauth:request_uri:abc-_9", Some("abc-_9")));
    let long = par::request_uri(&"x".repeat(129));
    for other in [
        "https://app.example/request.jwt",
        "urn:ietf:params:oauth:request_uri:",
        "URN:ietf:params:oauth:request_uri:x",
        "urn:ietf:params:oauth:request_uri:a/b",
        "urn:ietf:params:oauth:request_uri:a%00",
        long.as_str(),
        "",
    ] {
        assert_eq!(par::reference(other), None, "{other}");
    }
}
