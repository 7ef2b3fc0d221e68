//! The compression of the Redirect binding: bounded, and what we deflate comes back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_saml::deflate::{deflate, inflate};

const MAX_BYTES: usize = 64 * 1024;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(out) = inflate(bytes, MAX_BYTES) {
        assert!(out.len() <= MAX_BYTES);
        assert_eq!(inflate(&deflate(&out), MAX_BYTES).as_deref(), Ok(out.as_slice()));
    }
    assert_eq!(inflate(&deflate(bytes), MAX_BYTES).as_deref(), Ok(bytes));
    if bytes.len() > 1 {
        assert!(inflate(&deflate(bytes), bytes.len() - 1).is_err(), "the bound holds");
    }
});
