//! Proof Key for Code Exchange (RFC 7636), `S256` only. Never here: the method `plain` (RFC 9700 section 2.1.1).

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;

/// The length of an `S256` challenge: 32 bytes in base64url.
pub const CHALLENGE_LENGTH: usize = 43;

/// Whether the text may be a verifier: 43 to 128 unreserved characters (RFC 7636 section 4.1).
#[must_use]
pub fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len()) && text.bytes().all(crate::form::is_unreserved)
}

/// Whether the text may be an `S256` challenge: 43 characters of base64url that decode to 32 bytes.
#[must_use]
pub fn is_challenge(text: &str) -> bool {
    text.len() == CHALLENGE_LENGTH && URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32)
}

/// The `S256` challenge of a verifier (RFC 7636 section 4.2).
#[must_use]
pub fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()).as_ref())
}

/// Whether the verifier is well formed and belongs to the challenge (RFC 7636 section 4.6), in constant time.
#[must_use]
pub fn verify(challenge: &str, verifier: &str) -> bool {
    is_verifier(verifier) && bool::from(self::challenge(verifier).as_bytes().ct_eq(challenge.as_bytes()))
}
