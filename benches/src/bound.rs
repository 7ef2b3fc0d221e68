//! The bounds: what the machine can do at most, by the same libraries, with nothing around them.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use muster_jose::{Alg, SigningKey};
use serde_json::json;

use crate::cpu;

/// Argon2id hashes (m = 19 MiB, t = 2, p = 1) of one core-second, with reused memory.
pub fn argon2_per_core_second(count: u32) -> f64 {
    let params = Params::new(19 * 1024, 2, 1, Some(32)).expect("fixed");
    let mut memory = vec![Block::default(); params.block_count()];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut out = [0; 32];
    let before = cpu::own();
    for _ in 0..count {
        argon.hash_password_into_with_memory(b"password", b"sixteen byte salt", &mut out, &mut memory).expect("fixed");
    }
    f64::from(count) / (cpu::own() - before)
}

/// Compact JWS signatures of one core-second.
pub fn signatures_per_core_second(alg: &str, count: u32) -> f64 {
    let key = SigningKey::generate(Alg::parse(alg).expect("known")).expect("key");
    let claims = json!({"iss": "https://id.example.com/o/acme", "sub": "0123456789abcdef01234567", "aud": "app", "exp": 1, "iat": 1});
    let before = cpu::own();
    for _ in 0..count {
        std::hint::black_box(key.sign(Some("JWT"), &claims).expect("signed"));
    }
    f64::from(count) / (cpu::own() - before)
}
