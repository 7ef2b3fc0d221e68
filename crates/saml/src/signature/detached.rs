//! Signatures of the Redirect binding (SAML bindings section 3.4.4.1): over the query as it was sent, octet by octet,
//! never over what it decodes to. Never here: taking a query apart (see `binding`).

use super::{MAX_KEYS, SignatureAlgorithm, SignatureError, Signer, Trust};
use crate::encoded;
use crate::key::KeyError;

/// Appends `SigAlg` and `Signature` to a query that has the message and perhaps `RelayState`, in this order.
///
/// # Errors
/// An algorithm that is not the key's.
pub fn sign_query(query: &str, signer: &Signer<'_>) -> Result<String, KeyError> {
    let escape = |value: &str| url::form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>();
    let signed = format!("{query}&SigAlg={}", escape(signer.algorithm.uri()));
    let value = encoded::encode(&signer.key.sign(signer.algorithm, signed.as_bytes())?);
    Ok(format!("{signed}&Signature={}", escape(&value)))
}

/// Which of the keys has signed these octets.
///
/// # Errors
/// If none has, or not with an accepted algorithm.
pub fn verify_query(signed: &str, algorithm: &str, value: &[u8], trust: &Trust<'_>) -> Result<usize, SignatureError> {
    if trust.keys.is_empty() {
        return Err(SignatureError::NoKey);
    }
    let unknown = || SignatureError::Algorithm(algorithm.chars().take(200).collect());
    let algorithm = SignatureAlgorithm::from_uri(algorithm).ok_or_else(unknown)?;
    if algorithm == SignatureAlgorithm::RsaSha1 && !trust.allow_sha1 {
        return Err(SignatureError::Sha1);
    }
    let mut keys = trust.keys.iter().take(MAX_KEYS);
    keys.position(|key| key.verifies(algorithm, signed.as_bytes(), value)).ok_or(SignatureError::Signature)
}
