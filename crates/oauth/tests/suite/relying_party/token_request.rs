//! Redeeming a code.

use crate::params;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use muster_oauth::client_auth::{self, Method};
use muster_oauth::discovery::Metadata;
use muster_oauth::relying_party::{Credentials, ProviderError, TokenRequest, code_request, other_method, read_answer};

fn request(offered: Option<&[&str]>, id: &str, secret: Option<&str>) -> TokenRequest {
    let metadata = Metadata {
        token_endpoint: Some("https://id.example.com/token".to_owned()),
        token_endpoint_auth_methods_supported: offered.map(|list| list.iter().map(|name| (*name).to_owned()).collect()),
        ..Metadata::default()
    };
    let credentials = Credentials { client_id: id, client_secret: secret };
    code_request(&metadata, credentials, "c+d", "https://m/cb", "verifier", None).unwrap()
}

#[test]
fn basic_is_the_default() {
    for offered in
        [None, Some(&["client_secret_basic", "client_secret_post"][..]), Some(&["private_key_jwt"]), Some(&[])]
    {
        let made = request(offered, "app", Some("s-e.c_r~et"));
        assert_eq!(made.method, Method::ClientSecretBasic);
        assert_eq!(made.authorization, Some(format!("Basic {}", STANDARD.encode("app:s-e.c_r~et"))));
        let body = params(&made.body);
        assert_eq!((body.get("client_id"), body.get("client_secret")), (None, None), "the secret is sent once");
        assert_eq!((body.get("code"), body.get("grant_type")), (Some("c+d"), Some("authorization_code")));
        assert_eq!((body.get("redirect_uri"), body.get("code_verifier")), (Some("https://m/cb"), Some("verifier")));
    }
}

#[test]
fn post_when_only_that_is_offered_or_escapes_would_matter() {
    let only_post = request(Some(&["client_secret_post"]), "app", Some("secret"));
    let escapes = request(Some(&["client_secret_basic", "client_secret_post"]), "app", Some("a+b/c=:%"));
    for (made, secret) in [(only_post, "secret"), (escapes, "a+b/c=:%")] {
        assert_eq!((made.method, made.authorization), (Method::ClientSecretPost, None));
        assert_eq!(
            (params(&made.body).get("client_id"), params(&made.body).get("client_secret")),
            (Some("app"), Some(secret))
        );
    }
    let basic_only = request(Some(&["client_secret_basic"]), "a:b", Some("p% ü+"));
    let presented = client_auth::read(basic_only.authorization.as_deref(), &params(&basic_only.body)).unwrap();
    assert_eq!(
        (presented.client_id.as_str(), presented.secret.as_deref()),
        ("a:b", Some("p% ü+")),
        "our own reader agrees"
    );
}

#[test]
fn a_public_client_sends_its_name() {
    let made = request(Some(&["client_secret_post"]), "app", None);
    assert_eq!((made.method, made.authorization), (Method::None, None));
    assert_eq!((params(&made.body).get("client_id"), params(&made.body).get("client_secret")), (Some("app"), None));
    let none =
        code_request(&Metadata::default(), Credentials { client_id: "a", client_secret: None }, "c", "r", "v", None);
    assert!(none.is_none());
}

#[test]
fn answers() {
    let good = br#"{"access_token":"a","token_type":"bearer","id_token":"x.y.z","expires_in":3600}"#;
    assert_eq!(read_answer(200, good).unwrap().id_token.as_deref(), Some("x.y.z"));
    let refused = read_answer(400, br#"{"error":"invalid_grant","error_description":"code\nused"}"#).unwrap_err();
    assert_eq!(refused.to_string(), "the provider refused: invalid_grant (code used)");
    assert!(
        matches!(read_answer(200, br#"{"error":"x"}"#), Err(ProviderError::Refused { .. })),
        "some say so with 200"
    );
    for (status, body) in [
        (500, &b"<html>"[..]),
        (200, b""),
        (200, b"[]"),
        (200, br#"["a","Bearer"]"#),
        (200, b"{}"),
        (201, good),
        (302, good),
        (200, br#"{"access_token":"a","token_type":"mac"}"#),
        (200, &vec![b' '; 300_000]),
    ] {
        assert_eq!(read_answer(status, body), Err(ProviderError::NotOAuth { status }));
    }
}

#[test]
fn the_other_way_to_present_a_secret_is_one_that_is_offered() {
    let both = Metadata {
        token_endpoint_auth_methods_supported: Some(vec!["client_secret_basic".into(), "client_secret_post".into()]),
        ..Metadata::default()
    };
    assert_eq!(other_method(&both, Method::ClientSecretBasic), Some(Method::ClientSecretPost));
    assert_eq!(other_method(&both, Method::ClientSecretPost), Some(Method::ClientSecretBasic));
    assert_eq!(other_method(&both, Method::None), None);
    assert_eq!(other_method(&Metadata::default(), Method::ClientSecretBasic), None);
}
