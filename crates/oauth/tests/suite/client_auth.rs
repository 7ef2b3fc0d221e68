//! How clients present themselves.

use crate::{code, params};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use muster_oauth::ErrorCode::{InvalidClient, InvalidRequest};
use muster_oauth::client_auth::{MAX_BYTES, Method, read};

fn basic(text: &str) -> String {
    format!("Basic {}", STANDARD.encode(text))
}

#[test]
fn rfc6749_2_3_1_basic_and_post() {
    // The header printed in RFC 6749 section 2.3.1.
    let read_basic = read(Some("Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3"), &params("")).unwrap();
    assert_eq!(read_basic.client_id, "s6BhdRkqt3");
    assert_eq!(read_basic.secret.as_deref(), Some("7Fjfp0ZBr1KtDRbnfVdmIw"));
    assert_eq!(read_basic.method, Method::ClientSecretBasic);
    let read_post = read(None, &params("client_id=s6BhdRkqt3&client_secret=7Fjfp0ZBr1KtDRbnfVdmIw")).unwrap();
    assert_eq!((read_post.secret, read_post.method), (read_basic.secret, Method::ClientSecretPost));
    let public = read(None, &params("client_id=app")).unwrap();
    assert_eq!((public.client_id.as_str(), public.secret, public.method), ("app", None, Method::None));
}

#[test]
fn basic_is_form_urlencoded_inside() {
    let read = read(Some(&basic("my%3Aapp:p%25+%C3%BC%2B:x")), &params("")).unwrap();
    assert_eq!((read.client_id.as_str(), read.secret.as_deref()), ("my:app", Some("p% ü+:x")));
    let lower_case = format!("basic  {}", STANDARD.encode("a:b"));
    assert!(muster_oauth::client_auth::read(Some(&lower_case), &params("")).is_ok());
}

#[test]
fn two_methods_at_once_are_refused() {
    let header = basic("app:secret");
    assert_eq!(code(read(Some(&header), &params("client_id=app&client_secret=secret"))), InvalidRequest);
    assert_eq!(code(read(Some(&header), &params("client_secret=secret"))), InvalidRequest);
    assert_eq!(code(read(Some(&header), &params("client_id=other"))), InvalidRequest);
    assert!(read(Some(&header), &params("client_id=app")).is_ok(), "the id may be repeated");
}

#[test]
fn none_and_malformed_are_invalid_client() {
    let long = basic(&format!("app:{}", "x".repeat(MAX_BYTES + 1)));
    let headers = [
        "",
        "Basic",
        "Basic ",
        "Basic !!!",
        "Bearer abc",
        "Digest x",
        &basic("app"),
        &basic(":secret"),
        &basic("app:"),
        &basic("app:%zz"),
        &basic("app:%ff"),
        "Basic YXBwOnNlY3JldA",
        &long,
    ];
    for header in headers {
        assert_eq!(code(read(Some(header), &params("client_id=app"))), InvalidClient, "{header}");
    }
    assert_eq!(code(read(None, &params(""))), InvalidClient);
    assert_eq!(code(read(None, &params("client_secret=x"))), InvalidClient);
    assert_eq!(code(read(None, &params("client_id=a&client_assertion=x"))), InvalidRequest);
    assert_eq!(code(read(None, &params(&format!("client_id={}", "x".repeat(MAX_BYTES + 1))))), InvalidRequest);
}

#[test]
fn names_and_debug() {
    for method in [Method::ClientSecretBasic, Method::ClientSecretPost, Method::None] {
        assert_eq!(serde_json::to_value(method).unwrap(), method.as_str());
        assert_eq!(serde_json::from_value::<Method>(method.as_str().into()).unwrap(), method);
    }
    let shown = format!("{:?}", read(Some(&basic("app:s3cret")), &params("")).unwrap());
    assert!(shown.contains("app") && !shown.contains("s3cret"));
}

#[test]
fn rfc7523_2_2_an_assertion_is_one_way_and_the_only_one() {
    let kind = "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    // {"sub":"app"} in the middle.
    let assertion = "client_assertion=x.eyJzdWIiOiJhcHAifQ.y";
    let presented = read(None, &params(&format!("{kind}&{assertion}"))).unwrap();
    assert_eq!((presented.client_id.as_str(), presented.method), ("app", Method::PrivateKeyJwt));
    assert!(!format!("{presented:?}").contains("eyJz"));
    assert!(read(None, &params(&format!("{kind}&{assertion}&client_id=app"))).is_ok());
    assert_eq!(code(read(None, &params(&format!("{kind}&{assertion}&client_id=other")))), InvalidRequest);
    assert_eq!(code(read(None, &params(&format!("{kind}&{assertion}&client_secret=s")))), InvalidRequest);
    assert_eq!(code(read(Some(&basic("app:s")), &params(&format!("{kind}&{assertion}")))), InvalidRequest);
    assert_eq!(code(read(None, &params(kind))), InvalidRequest);
    assert_eq!(code(read(None, &params(&format!("client_assertion_type=x&{assertion}")))), InvalidClient);
    assert_eq!(code(read(None, &params(&format!("{kind}&client_assertion=x")))), InvalidClient);
}
