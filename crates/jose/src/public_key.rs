//! A public key made ready for one check: the members of a [`Jwk`] become numbers or a point. Never here: choosing
//! the key (see `verify`).

use crate::{Alg, Jwk, MAX_RSA_BITS, MIN_RSA_BITS, decode};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, EcdsaVerificationAlgorithm, RSA_PKCS1_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA256, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey,
};

/// Why a key of a set cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyProblem {
    /// A required member is missing or not base64url of the right length.
    #[error("member \"{0}\" of the key is missing or not valid base64url of the right length")]
    Member(&'static str),
    /// An RSA modulus below [`MIN_RSA_BITS`].
    #[error("the RSA key has {0} bits; at least {MIN_RSA_BITS} are required")]
    WeakRsa(usize),
    /// An RSA modulus above [`MAX_RSA_BITS`].
    #[error("the RSA key has {0} bits; at most {MAX_RSA_BITS} are accepted")]
    HugeRsa(usize),
    /// An RSA exponent that is even, 1, or longer than 33 bits.
    #[error("the RSA key's exponent is not acceptable; 65537 is usual")]
    Exponent,
}

/// Whether the signature over the message is this key's. The key has to fit the algorithm ([`Jwk::fits`]).
pub(crate) fn check(jwk: &Jwk, alg: Alg, message: &[u8], signature: &[u8]) -> Result<bool, KeyProblem> {
    match alg {
        Alg::RS256 => rsa(jwk, &RSA_PKCS1_2048_8192_SHA256, message, signature),
        Alg::PS256 => rsa(jwk, &RSA_PSS_2048_8192_SHA256, message, signature),
        Alg::ES256 => ecdsa(jwk, &ECDSA_P256_SHA256_FIXED, 32, message, signature),
        Alg::ES384 => ecdsa(jwk, &ECDSA_P384_SHA384_FIXED, 48, message, signature),
        Alg::EdDsa => Ok(UnparsedPublicKey::new(&ED25519, fixed(&jwk.x, "x", 32)?).verify(message, signature).is_ok()),
    }
}

fn ecdsa(
    jwk: &Jwk,
    how: &'static EcdsaVerificationAlgorithm,
    bytes: usize,
    message: &[u8],
    signature: &[u8],
) -> Result<bool, KeyProblem> {
    Ok(UnparsedPublicKey::new(how, point(jwk, bytes)?).verify(message, signature).is_ok())
}

/// The uncompressed point (SEC 1 section 2.3.3) of an `EC` key with coordinates of so many bytes; aws-lc refuses one that
/// is not on the curve.
pub(crate) fn point(jwk: &Jwk, bytes: usize) -> Result<Vec<u8>, KeyProblem> {
    let mut point = vec![0x04];
    point.extend(fixed(&jwk.x, "x", bytes)?);
    point.extend(fixed(&jwk.y, "y", bytes)?);
    Ok(point)
}

fn rsa(jwk: &Jwk, how: &'static RsaParameters, message: &[u8], signature: &[u8]) -> Result<bool, KeyProblem> {
    Ok(components(jwk)?.verify(how, message, signature).is_ok())
}

/// Modulus and exponent of an `RSA` key that is neither weak nor huge.
pub(crate) fn components(jwk: &Jwk) -> Result<RsaPublicKeyComponents<Vec<u8>>, KeyProblem> {
    let n = number(&jwk.n, "n")?;
    let e = number(&jwk.e, "e")?;
    match bits(&n) {
        weak if weak < MIN_RSA_BITS => return Err(KeyProblem::WeakRsa(weak)),
        huge if huge > MAX_RSA_BITS => return Err(KeyProblem::HugeRsa(huge)),
        _ => {}
    }
    let odd = e.last().is_some_and(|low| low % 2 == 1);
    if !odd || e == [1] || bits(&e) > 33 {
        return Err(KeyProblem::Exponent);
    }
    Ok(RsaPublicKeyComponents { n, e })
}

/// A big-endian number without leading zero bytes (some issuers write one; RFC 7518 section 2 forbids it).
fn number(text: &Option<String>, name: &'static str) -> Result<Vec<u8>, KeyProblem> {
    let bytes = text.as_deref().and_then(decode).ok_or(KeyProblem::Member(name))?;
    let start = bytes.iter().position(|byte| *byte != 0).ok_or(KeyProblem::Member(name))?;
    Ok(bytes.get(start..).unwrap_or_default().to_vec())
}

/// Exactly so many bytes (RFC 7518 section 6.2.1.2, RFC 8037 section 2).
fn fixed(text: &Option<String>, name: &'static str, bytes: usize) -> Result<Vec<u8>, KeyProblem> {
    text.as_deref().and_then(decode).filter(|decoded| decoded.len() == bytes).ok_or(KeyProblem::Member(name))
}

/// The length in bits of a number without leading zero bytes.
fn bits(number: &[u8]) -> usize {
    number.first().map_or(0, |first| number.len() * 8 - first.leading_zeros() as usize)
}
