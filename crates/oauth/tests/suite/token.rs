//! Token requests and answers.

use crate::{code, params};
use muster_oauth::ErrorCode::{InvalidRequest, InvalidScope, UnsupportedGrantType};
use muster_oauth::Scope;
use muster_oauth::token::{Request, Response};
use serde_json::json;

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

#[test]
fn rfc6749_4_1_3_and_6() {
    let raw = "grant_type=authorization_code&code=SplxlOBeZQQYbYS6WxSbIA&redirect_uri=https%3A%2F%2Fclient%2Eexample%2Ecom%2Fcb";
    let expected = |code_verifier| Request::AuthorizationCode {
        code: "SplxlOBeZQQYbYS6WxSbIA".to_owned(),
        redirect_uri: "https://client.example.com/cb".to_owned(),
        resource: Vec::new(),
        code_verifier,
    };
    assert_eq!(Request::read(&params(raw)).unwrap(), expected(None));
    let with_verifier = format!("{raw}&code_verifier={VERIFIER}");
    assert_eq!(Request::read(&params(&with_verifier)).unwrap(), expected(Some(VERIFIER.to_owned())));
    let refresh =
        Request::read(&params("grant_type=refresh_token&refresh_token=tGzv3JOkF0XG5Qx2TlKWIA&scope=openid")).unwrap();
    let scope = Some(Scope::parse("openid").unwrap());
    assert_eq!(
        refresh,
        Request::RefreshToken { refresh_token: "tGzv3JOkF0XG5Qx2TlKWIA".to_owned(), scope, resource: Vec::new() }
    );
    assert_eq!(format!("{refresh:?}"), "RefreshToken");
}

#[test]
fn faults() {
    let outcome = |raw: &str| code(Request::read(&params(raw)));
    for grant in ["password", "implicit", "Authorization_Code", "urn:ietf:params:oauth:grant-type:jwt-bearer"] {
        assert_eq!(outcome(&format!("grant_type={grant}")), UnsupportedGrantType);
    }
    for raw in [
        "",
        "grant_type=",
        "grant_type=authorization_code&redirect_uri=https://a/",
        "grant_type=authorization_code&code=x",
        "grant_type=authorization_code&code=x&redirect_uri=https://a/&code_verifier=short",
        "grant_type=refresh_token",
        &format!("grant_type=refresh_token&refresh_token={}", "x".repeat(9000)),
    ] {
        assert_eq!(outcome(raw), InvalidRequest, "{raw}");
    }
    assert_eq!(outcome("grant_type=refresh_token&refresh_token=x&scope=%22"), InvalidScope);
}

#[test]
fn answers_are_written_and_read() {
    let answer = Response {
        access_token: "at".to_owned(),
        token_type: "Bearer".to_owned(),
        expires_in: Some(300),
        id_token: Some("a.b.c".to_owned()),
        ..Response::default()
    };
    let written = serde_json::to_value(&answer).unwrap();
    assert_eq!(
        written,
        json!({ "access_token": "at", "token_type": "Bearer", "expires_in": 300, "id_token": "a.b.c" })
    );
    assert_eq!(serde_json::from_value::<Response>(written).unwrap(), answer);
    let foreign = json!({ "access_token": "at", "token_type": "bearer", "expires_in": "3599", "ext_expires_in": 1, "scope": "a\"b" });
    assert_eq!(serde_json::from_value::<Response>(foreign).unwrap().expires_in, Some(3599));
    let shown = format!("{answer:?}");
    assert!(!shown.contains("a.b.c") && !shown.contains("\"at\""), "{shown}");
}

#[test]
fn rfc6749_4_4_2_and_rfc8628_3_4() {
    let own = Request::read(&params("grant_type=client_credentials&scope=a%20b")).unwrap();
    assert_eq!(own, Request::ClientCredentials { scope: Some(Scope::parse("a b").unwrap()) });
    assert_eq!(
        Request::read(&params("grant_type=client_credentials")).unwrap(),
        Request::ClientCredentials { scope: None }
    );
    let device = "grant_type=urn:ietf:params:oauth:grant-type:device_code";
    let code_of_device = Request::read(&params(&format!("{device}&device_code=x"))).unwrap();
    assert_eq!(code_of_device, Request::DeviceCode { device_code: "x".to_owned() });
    assert_eq!(format!("{code_of_device:?}"), "DeviceCode");
    assert_eq!(code(Request::read(&params(device))), InvalidRequest);
    assert_eq!(code(Request::read(&params("grant_type=client_credentials&scope=%22"))), InvalidScope);
}
