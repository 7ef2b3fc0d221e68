//! Signed JSON Web Tokens (RFC 7515, 7517, 7518, 7519, 7638, 8037): our keys, foreign key sets, signing, verifying;
//! and encrypted ones (RFC 7516), to a public key only.
//!
//! Here: what a signature says, and what was encrypted. Never here: whether a token is still valid, for whom it is or
//! who may have issued it (that is `muster-oauth`), symmetric signatures (HS256 and its kin: no token of ours is checked
//! with a shared secret), encryption with a password or a shared secret, fetching of key sets, clocks, or anything about
//! users.

#![forbid(unsafe_code)]

pub mod alg;
mod content;
pub mod decrypt;
pub mod decryption_key;
pub mod encrypt;
pub mod encryption;
mod half_hash;
pub mod json;
pub mod jwk;
pub mod key;
mod public_key;
mod shared_key;
pub mod subject;
mod thumbprint;
pub mod verify;

pub use alg::Alg;
pub use decrypt::{DecryptError, Decrypted, decrypt, is_encrypted};
pub use decryption_key::DecryptionKey;
pub use encrypt::{EncryptError, encrypt, recipient};
pub use encryption::{Enc, KeyAlg};
pub use half_hash::half_hash;
pub use jwk::{Jwk, JwkSet, JwkSetError};
pub use key::{KeyError, SigningKey};
pub use public_key::KeyProblem;
pub use subject::SubjectKey;
pub use verify::{Header, Verified, VerifyError, verify};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The longest compact token that is looked at, in bytes.
pub const MAX_TOKEN_BYTES: usize = 64 * 1024;
/// The largest key set document that is read, in bytes.
pub const MAX_SET_BYTES: usize = 256 * 1024;
/// The most keys a set may hold.
pub const MAX_KEYS: usize = 64;
/// The weakest RSA modulus that is accepted, in bits.
pub const MIN_RSA_BITS: usize = 2048;
/// The largest RSA modulus that is accepted, in bits (a larger one only costs time).
pub const MAX_RSA_BITS: usize = 8192;

/// base64url without padding (RFC 7515 section 2).
fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes behind base64url text. Padding, other alphabets and loose trailing bits are refused, so that a token has
/// one spelling only.
fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}
