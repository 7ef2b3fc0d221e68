//! What a client says of itself: an assertion that is accepted is its own, for us, for minutes; a registration gives it
//! nothing that is an administrator's to give.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_oauth::assertion::{self, Expected, LIFE_MAX_S, SKEW_S};
use muster_oauth::device;
use muster_oauth::registration::Registration;
use serde_json::{Map, Value};

const NOW: i64 = 1_763_456_789;

fuzz_target!(|text: &str| {
    let _ = assertion::claimed_subject(text);
    if let Some(code) = device::typed(text) {
        assert_eq!(device::typed(&device::shown(&code)), Some(code));
    }
    let Ok(document) = serde_json::from_str::<Map<String, Value>>(text) else { return };
    if let Ok(registration) = Registration::read(document.clone()) {
        let base = Map::from_iter([("scope".to_owned(), Value::from("own")), ("consent".to_owned(), "required".into())]);
        let after = registration.over(base);
        assert!(after["scope"] == "own" && after["consent"] == "required");
        assert!(["dynamicClaims", "constantClaims", "groupsClaim", "tokenExchangeClients"].iter().all(|n| !after.contains_key(*n)));
    }
    let mut claims = document;
    // Else the fuzzer would have to guess these.
    for (name, value) in [("iss", "app"), ("sub", "app"), ("aud", "https://id"), ("jti", "j")] {
        claims.entry(name).or_insert_with(|| value.into());
    }
    let audiences = ["https://id".to_owned()];
    let expected = Expected { client_id: "app", audiences: &audiences, now_s: NOW };
    let Ok(accepted) = assertion::check(&claims, &expected) else { return };
    assert!(claims["iss"] == "app" && claims["sub"] == "app");
    assert!(accepted.expires_at_s > NOW && accepted.expires_at_s <= NOW + LIFE_MAX_S + SKEW_S);
});
