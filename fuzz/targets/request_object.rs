//! The claims of a signed request object, and the claims parameter: whatever is accepted is this client's, for us, for an
//! hour at most, and is kept as it was read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_oauth::authorize::request_object::{Checks, MAX_LIFE_S, SKEW_S, read};
use muster_oauth::authorize::{ClaimsRequest, ClientRules, Request, Target};
use serde_json::{Map, Value};

const NOW: i64 = 1_763_456_789;

fuzz_target!(|text: &str| {
    if let Ok(claims) = ClaimsRequest::read(text) {
        let kept = serde_json::to_string(&claims).expect("it can be written");
        assert_eq!(serde_json::from_str::<ClaimsRequest>(&kept).expect("it can be read"), claims);
    }
    let Ok(mut claims) = serde_json::from_str::<Map<String, Value>>(text) else { return };
    // Else the fuzzer would have to guess these.
    claims.entry("aud").or_insert_with(|| "https://id".into());
    let Ok(opened) = read(&claims, &Checks { client_id: "app", issuer: "https://id", now_s: NOW }) else { return };
    assert_eq!(opened.params.get("client_id"), Some("app"));
    assert!(opened.params.get("request").is_none() && opened.params.get("request_uri").is_none());
    assert!(opened.expires_at_s - NOW <= MAX_LIFE_S + 2 * SKEW_S);
    let _ = Target::read(&opened.params);
    let rules = ClientRules { public: true, pkce_required: true, code_allowed: true };
    if let Ok(request) = Request::read(&opened.params, &rules) {
        assert!(request.code_challenge.is_some());
    }
});
