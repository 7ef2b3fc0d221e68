//! A foreign key set: bounded, and usable only as what its keys are.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_jose::{Alg, JwkSet, verify};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(set) = JwkSet::parse(bytes) {
        for alg in Alg::ALL {
            let header = match alg {
                Alg::EdDsa => "eyJhbGciOiJFZERTQSJ9",
                _ => "eyJhbGciOiJSUzI1NiJ9",
            };
            assert!(verify(&format!("{header}.e30.AAAA"), &set, &[alg]).is_err());
        }
    }
});
