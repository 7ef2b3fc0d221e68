//! The claims of a foreign ID token: what is accepted is for us, from the issuer, now, and for this sign-in.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_oauth::discovery::IssuerRule;
use muster_oauth::relying_party::{IdTokenChecks, SubjectRule, check_id_token};
use serde_json::Value;

const NOW_S: i64 = 1_800_000_000;

fuzz_target!(|bytes: &[u8]| {
    let Ok(claims) = muster_jose::json::object(bytes) else { return };
    let issuer = IssuerRule::from_metadata("https://idp.example");
    let checks = IdTokenChecks {
        issuer: &issuer,
        client_id: "us",
        nonce: "n",
        now_s: NOW_S,
        skew_s: 60,
        max_token_age_s: None,
        max_age_s: None,
        at_hash: None,
        subject: SubjectRule::Sub,
    };
    if check_id_token(&claims, &checks).is_ok() {
        let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
        assert_eq!((text("iss"), text("nonce")), ("https://idp.example", "n"));
        assert!(!text("sub").is_empty());
        let audience = claims.get("aud").map(Value::to_string).unwrap_or_default();
        assert!(audience.contains("\"us\""));
    }
});
