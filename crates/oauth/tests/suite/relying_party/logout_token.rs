//! Logout tokens of others: what a token has to say, and that nothing else ends a session.

use muster_oauth::discovery::IssuerRule;
use muster_oauth::relying_party::{LogoutChecks, LogoutClaims, LogoutTokenError, SubjectRule, check_logout_token};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const NOW: i64 = 1_800_000_000;
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

fn good() -> Map<String, Value> {
    let claims = json!({
        "iss": "https://id.example", "aud": "app", "iat": NOW, "exp": NOW + 120, "jti": "j", "sub": "ana", "sid": "s",
        "events": {EVENT: {}},
    });
    claims.as_object().unwrap().clone()
}

fn judge(typ: Option<&str>, claims: &Map<String, Value>) -> Result<LogoutClaims, LogoutTokenError> {
    let issuer = IssuerRule::Fixed("https://id.example".into());
    let checks = LogoutChecks { issuer: &issuer, client_id: "app", now_s: NOW, skew_s: 60, subject: SubjectRule::Sub };
    check_logout_token(typ, claims, &checks)
}

fn with(name: &str, value: Value) -> Map<String, Value> {
    let mut claims = good();
    if value.is_null() {
        claims.remove(name);
    } else {
        claims.insert(name.into(), value);
    }
    claims
}

#[test]
fn one_that_holds() {
    let read = judge(Some("logout+jwt"), &good()).unwrap();
    assert_eq!((read.subject.as_deref(), read.sid.as_deref(), read.jti.as_str()), (Some("ana"), Some("s"), "j"));
    assert_eq!(read.expires_s, NOW + 180);
    assert_eq!(judge(None, &with("sub", json!(null))).unwrap().subject, None);
    assert_eq!(judge(Some("JWT"), &with("sid", json!(null))).unwrap().sid, None);
    assert!(judge(Some("application/logout+jwt"), &with("aud", json!(["app"]))).is_ok());
    // Before the errata of 2023 there was no `exp`; such a token lives ten minutes.
    assert_eq!(judge(None, &with("exp", json!(null))).unwrap().expires_s, NOW + 660);
    assert_eq!(judge(None, &with("exp", json!(NOW + 999_999))).unwrap().expires_s, NOW + 660);
}

#[test]
fn everything_else_is_refused() {
    for (name, value) in [
        ("iss", json!(null)),
        ("iss", json!("https://evil.example")),
        ("aud", json!(null)),
        ("aud", json!("other")),
        ("aud", json!(["app", "other"])),
        ("azp", json!("other")),
        ("iat", json!(null)),
        ("iat", json!(NOW + 61)),
        ("iat", json!(NOW - 661)),
        ("exp", json!(NOW - 60)),
        ("exp", json!("soon")),
        ("jti", json!(null)),
        ("jti", json!("")),
        ("jti", json!("x".repeat(513))),
        ("sid", json!("a\0b")),
        ("sub", json!("")),
        ("sub", json!(1)),
        ("events", json!(null)),
        ("events", json!({})),
        ("events", json!({EVENT: null})),
        ("events", json!(EVENT)),
        ("nonce", json!("n")),
        ("nonce", json!(0)),
    ] {
        assert!(judge(Some("logout+jwt"), &with(name, value.clone())).is_err(), "{name} {value}");
    }
    let mut nobody = with("sub", json!(null));
    nobody.remove("sid");
    assert_eq!(judge(None, &nobody), Err(LogoutTokenError::Nobody));
    for typ in ["at+jwt", "dpop+jwt", "secevent+jwt", "", "logout"] {
        assert_eq!(judge(Some(typ), &good()), Err(LogoutTokenError::Type), "{typ}");
    }
    let error = judge(None, &with("jti", json!(null))).unwrap_err();
    assert_eq!(error.to_string(), "the logout token has no valid claim \"jti\"");
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        Just(json!(["app"])),
        Just(json!({EVENT: {}})),
        Just(json!({EVENT: {"x": 1}})),
    ]
}

proptest! {
    /// Whatever is in it: no panic, and what is accepted tells the event, for us, and of somebody.
    #[test]
    fn nothing_passes_that_does_not_say_so(
        names in prop::collection::vec(prop::sample::select(vec!["iss", "aud", "iat", "exp", "jti", "sub", "sid", "events", "nonce", "azp"]), 0..4),
        values in prop::collection::vec(value(), 4),
    ) {
        let mut claims = good();
        for (name, value) in names.iter().zip(&values) {
            claims.insert((*name).to_owned(), value.clone());
        }
        if let Ok(read) = judge(None, &claims) {
            prop_assert!(claims["events"][EVENT].is_object() && !claims.contains_key("nonce"));
            prop_assert_eq!(&claims["iss"], "https://id.example");
            prop_assert!(read.subject.is_some() || read.sid.is_some());
            prop_assert!(!read.jti.is_empty() && read.expires_s > NOW - 60);
        }
    }
}
