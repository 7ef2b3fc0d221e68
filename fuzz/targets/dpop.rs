//! A proof of possession: whatever is accepted belongs to this very request and token, and brings no private key.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_oauth::dpop::{self, AGE_MAX_S, Expected, SKEW_S};
use serde_json::{Map, Value};

const NOW: i64 = 1_763_456_789;
const ADDRESS: &str = "https://id.example/o/acme/userinfo";

fuzz_target!(|text: &str| {
    if let Ok(key) = dpop::key(text) {
        assert!(["d", "p", "q", "dp", "dq", "qi", "oth", "k"].iter().all(|name| !key.contains_key(*name)));
    }
    if let Ok(Some(token)) = dpop::token(Some(text)) {
        assert!(text.contains(token));
    }
    let Ok(mut claims) = serde_json::from_str::<Map<String, Value>>(text) else { return };
    // Else the fuzzer would have to guess these.
    claims.entry("ath").or_insert_with(|| dpop::hash("token").into());
    claims.entry("htu").or_insert_with(|| ADDRESS.into());
    claims.entry("htm").or_insert_with(|| "GET".into());
    let expected = Expected { method: "GET", address: ADDRESS, access_token: Some("token"), now_s: NOW };
    let Ok(proof) = dpop::check(&claims, &expected) else { return };
    assert!(claims["htm"] == "GET" && claims["ath"] == dpop::hash("token") && !proof.jti.is_empty());
    if proof.check_age(NOW).is_ok() {
        assert!(proof.issued_at_s >= NOW - AGE_MAX_S && proof.issued_at_s <= NOW + SKEW_S);
    }
});
