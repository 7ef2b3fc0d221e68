//! The half hash that ties an ID token to the access token or code beside it. Never here: comparing it.

use crate::{Alg, encode};
use aws_lc_rs::digest;

/// The value of `at_hash` or `c_hash` (OpenID Connect Core 3.1.3.6, 3.3.2.11): the left half of the hash of the
/// ASCII text, as base64url. The hash is the one of the ID token's algorithm; Ed25519's own is SHA-512.
#[must_use]
pub fn half_hash(alg: Alg, token: &str) -> String {
    let hash = match alg {
        Alg::RS256 | Alg::PS256 | Alg::ES256 => &digest::SHA256,
        Alg::ES384 => &digest::SHA384,
        Alg::EdDsa => &digest::SHA512,
    };
    let full = digest::digest(hash, token.as_bytes());
    let bytes = full.as_ref();
    encode(bytes.get(..bytes.len() / 2).unwrap_or_default())
}
