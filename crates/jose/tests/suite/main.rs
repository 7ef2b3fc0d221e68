//! The tests of `muster-jose`: one binary, a file per source file or class of attack.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod attacks;
mod half_hash;
mod json;
mod jwe;
mod jwk;
mod key;
mod mutation;
mod oracle;
mod rfc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use muster_jose::{Alg, Jwk, JwkSet, SigningKey};
use std::sync::LazyLock;

/// One key per algorithm; RSA keys take a while to make.
static KEYS: LazyLock<Vec<SigningKey>> =
    LazyLock::new(|| Alg::ALL.iter().map(|alg| SigningKey::generate(*alg).unwrap()).collect());

fn key(alg: Alg) -> &'static SigningKey {
    KEYS.iter().find(|key| key.alg() == alg).unwrap()
}

fn set(keys: &[&SigningKey]) -> JwkSet {
    keys.iter().map(|key| key.public_jwk()).collect()
}

/// The public half without name, purpose or algorithm, as careless issuers publish it.
fn bare(key: &SigningKey) -> Jwk {
    Jwk { kid: None, alg: None, usage: None, ..key.public_jwk() }
}

fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A token with this header and payload, signed properly by the key.
fn forged(key: &SigningKey, header: &str, payload: &str) -> String {
    let message = format!("{}.{}", b64(header), b64(payload));
    let signature = sign_raw(key, message.as_bytes());
    format!("{message}.{}", b64(signature))
}

/// The key's signature over any bytes, with the cryptographic library directly.
fn sign_raw(key: &SigningKey, message: &[u8]) -> Vec<u8> {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
        RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair,
    };
    let bytes = key.to_pkcs8().unwrap();
    match key.alg() {
        Alg::ES256 => {
            let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &bytes).unwrap();
            pair.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()
        }
        Alg::ES384 => {
            let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, &bytes).unwrap();
            pair.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()
        }
        Alg::EdDsa => Ed25519KeyPair::from_pkcs8(&bytes).unwrap().sign(message).as_ref().to_vec(),
        alg => {
            let pair = RsaKeyPair::from_pkcs8(&bytes).unwrap();
            let mut signature = vec![0; pair.public_modulus_len()];
            let padding = if alg == Alg::PS256 { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
            pair.sign(padding, &SystemRandom::new(), message, &mut signature).unwrap();
            signature
        }
    }
}
