//! A token is refused, or it was signed: nothing that the fuzzer makes is.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_jose::{Alg, JwkSet, SigningKey, verify};
use std::sync::OnceLock;

fn keys() -> &'static (JwkSet, String) {
    static KEYS: OnceLock<(JwkSet, String)> = OnceLock::new();
    KEYS.get_or_init(|| {
        let key = SigningKey::generate(Alg::EdDsa).expect("a key");
        let token = key.sign(Some("JWT"), &serde_json::json!({"sub": "a"})).expect("a token");
        let document = serde_json::json!({"keys": [key.public_jwk()]}).to_string();
        (JwkSet::parse(document.as_bytes()).expect("a set"), token)
    })
}

fuzz_target!(|text: &str| {
    let (set, signed) = keys();
    if let Ok(verified) = verify(text, set, &Alg::ALL) {
        assert_eq!(text, signed, "{verified:?}");
    }
    // A true signature under another header or payload.
    let signature = signed.rsplit('.').next().unwrap_or_default();
    assert!(verify(&format!("{text}.{signature}"), set, &Alg::ALL).is_err() || format!("{text}.{signature}") == *signed);
});
