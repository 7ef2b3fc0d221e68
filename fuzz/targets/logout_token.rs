//! The claims of a foreign logout token: what is accepted tells the event, for us, from the issuer, of somebody.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_oauth::discovery::IssuerRule;
use muster_oauth::relying_party::{LogoutChecks, SubjectRule, check_logout_token};
use serde_json::Value;

const NOW_S: i64 = 1_800_000_000;
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

fuzz_target!(|bytes: &[u8]| {
    let Ok(claims) = muster_jose::json::object(bytes) else { return };
    let issuer = IssuerRule::from_metadata("https://idp.example");
    let checks =
        LogoutChecks { issuer: &issuer, client_id: "us", now_s: NOW_S, skew_s: 60, subject: SubjectRule::Sub };
    if let Ok(read) = check_logout_token(None, &claims, &checks) {
        assert_eq!(claims.get("iss").and_then(Value::as_str), Some("https://idp.example"));
        assert!(claims["events"][EVENT].is_object() && !claims.contains_key("nonce"));
        assert!(read.subject.is_some() || read.sid.is_some());
        assert!(claims.get("aud").map(Value::to_string).unwrap_or_default().contains("\"us\""));
    }
});
