//! Reading foreign documents, writing ours.

use muster_oauth::discovery::{MAX_BYTES, Metadata};
use serde_json::json;

#[test]
fn foreign_documents_are_read_tolerantly() {
    let document = json!({
        "issuer": "https://id.example.com",
        "authorization_endpoint": "https://id.example.com/auth",
        "token_endpoint": null,
        "userinfo_endpoint": 7,
        "response_types_supported": "code",
        "scopes_supported": ["openid", 5],
        "authorization_response_iss_parameter_supported": "true",
        "cloud_instance_name": "x", "mtls_endpoint_aliases": { "a": [] },
    });
    let read = Metadata::parse(document.to_string().as_bytes()).unwrap();
    assert_eq!(read.issuer, "https://id.example.com");
    assert_eq!(read.authorization_endpoint.as_deref(), Some("https://id.example.com/auth"));
    assert_eq!((read.token_endpoint.as_deref(), read.userinfo_endpoint.as_deref()), (None, None));
    assert_eq!((&read.response_types_supported, &read.scopes_supported), (&None, &None));
    assert!(!read.answers_with_iss());
    for text in ["", "[]", "<html>", "null", "1"] {
        assert!(Metadata::parse(text.as_bytes()).is_err(), "{text}");
    }
    assert!(Metadata::parse(&vec![b' '; MAX_BYTES + 1]).unwrap_err().contains("larger"));
}

#[test]
fn ours_has_no_empty_members() {
    let metadata = Metadata {
        issuer: "https://id.example.com/o/acme".to_owned(),
        response_types_supported: Some(vec!["code".to_owned()]),
        authorization_response_iss_parameter_supported: Some(true),
        request_uri_parameter_supported: Some(false),
        ..Metadata::default()
    };
    let written = serde_json::to_value(&metadata).unwrap();
    let expected = json!({
        "issuer": "https://id.example.com/o/acme",
        "response_types_supported": ["code"],
        "authorization_response_iss_parameter_supported": true,
        "request_uri_parameter_supported": false,
    });
    assert_eq!(written, expected);
    assert_eq!(Metadata::parse(written.to_string().as_bytes()).unwrap(), metadata);
    assert!(metadata.answers_with_iss());
}
