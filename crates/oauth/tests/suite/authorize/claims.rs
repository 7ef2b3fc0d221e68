//! OpenID Connect Core 5.5: the forms that a claim may be asked for in.

use crate::code;
use muster_oauth::ErrorCode::InvalidRequest;
use muster_oauth::authorize::ClaimsRequest;
use serde_json::json;

#[test]
fn the_example_of_the_specification() {
    let text = r#"{"userinfo": {"given_name": {"essential": true}, "nickname": null, "email": {"essential": true},
        "picture": null, "http://example.info/claims/groups": null},
        "id_token": {"auth_time": {"essential": true}, "acr": {"values": ["urn:mace:incommon:iap:silver"]}}, "later": 1}"#;
    let read = ClaimsRequest::read(text).unwrap();
    assert_eq!((read.userinfo.len(), read.id_token.len(), read.names().len()), (5, 2, 7));
    assert!(read.userinfo["email"].essential && !read.userinfo["nickname"].essential);
    assert_eq!(read.acr(), Some((false, vec!["urn:mace:incommon:iap:silver"])));
    assert!(read.subjects().is_empty());
}

#[test]
fn the_person_and_the_class() {
    let read = |value| ClaimsRequest::read(&json!({"id_token": value}).to_string()).unwrap();
    assert_eq!(read(json!({"sub": {"value": "u1"}})).subjects(), ["u1"]);
    assert_eq!(read(json!({"sub": {"values": ["u1", "u2"]}})).subjects(), ["u1", "u2"]);
    assert_eq!(ClaimsRequest::read(r#"{"userinfo": {"sub": {"value": "u1"}}}"#).unwrap().subjects(), ["u1"]);
    let essential = read(json!({"acr": {"essential": true, "value": "a"}}));
    assert_eq!(essential.acr(), Some((true, vec!["a"])));
    assert_eq!(read(json!({"acr": null})).acr(), Some((false, vec![])));
    assert!(ClaimsRequest::read("{}").unwrap().is_empty() && read(json!(null)).is_empty());
}

#[test]
fn everything_else_is_refused() {
    let many: serde_json::Map<_, _> = (0..65).map(|i| (format!("c{i}"), json!(null))).collect();
    for bad in [
        "",
        "null",
        "[]",
        "1",
        "{",
        "{} x",
        r#"{"id_token": []}"#,
        r#"{"id_token": {"email": true}}"#,
        r#"{"id_token": {"email": {"essential": "yes"}}}"#,
        r#"{"id_token": {"email": {"values": "x"}}}"#,
        r#"{"id_token": {"email": {"value": 1, "values": [1]}}}"#,
        r#"{"id_token": {"email": {"value": {}}}}"#,
        r#"{"userinfo": {"": null}}"#,
        &json!({"userinfo": many}).to_string(),
        &json!({"userinfo": {("x".repeat(129)): null}}).to_string(),
        &format!("{}{}", "{\"a\":".repeat(200), "}".repeat(200)),
    ] {
        assert_eq!(code(ClaimsRequest::read(bad)), InvalidRequest, "{bad}");
    }
}
