//! An encrypted token is refused, or it was encrypted to us: nothing that the fuzzer makes is.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_jose::{DecryptionKey, Enc, KeyAlg, decrypt, encrypt};
use std::sync::OnceLock;

fn keys() -> &'static ([DecryptionKey; 1], String) {
    static KEYS: OnceLock<([DecryptionKey; 1], String)> = OnceLock::new();
    KEYS.get_or_init(|| {
        let key = DecryptionKey::generate(KeyAlg::EcdhEs).expect("a key");
        let token = encrypt(b"{}", &key.public_jwk(), KeyAlg::EcdhEsA256Kw, Enc::A256Gcm, Some("JWT")).expect("a token");
        ([key], token)
    })
}

fuzz_target!(|text: &str| {
    let (keys, sealed) = keys();
    if decrypt(text, keys).is_ok() {
        assert_eq!(text, sealed);
    }
    // A true ciphertext under another header.
    let (_, rest) = sealed.split_once('.').unwrap_or_default();
    let bent = format!("{text}.{rest}");
    assert!(decrypt(&bent, keys).is_err() || bent == *sealed);
});
