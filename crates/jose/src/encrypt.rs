//! Encrypting to a recipient's public key (RFC 7516 section 5.1), compact form. Never here: `zip` (what is compressed
//! beside a secret tells its length), and whose key it is.

use crate::key::ec_jwk;
use crate::public_key::{components, point};
use crate::{Enc, Jwk, JwkSet, KeyAlg, KeyProblem, content, encode, shared_key};
use aws_lc_rs::agreement::{self, ECDH_P256, PrivateKey, UnparsedPublicKey};
use aws_lc_rs::key_wrap::{AES_256, AesKek, KeyWrap as _};
use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey};
use serde::Serialize;
use zeroize::Zeroizing;

/// Why nothing was encrypted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncryptError {
    /// The key does not fit the algorithm ([`Jwk::fits_encryption`]).
    #[error("the key does not fit algorithm {0}")]
    Unfit(KeyAlg),
    /// The key cannot be used.
    #[error("the key cannot be used: {0}")]
    Key(#[from] KeyProblem),
    /// The library refused the key (a point that is not on the curve) or failed.
    #[error("the cryptographic library failed: {0}")]
    Crypto(&'static str),
}

/// The key of the set to which something may be encrypted: one that says `"use": "enc"` before one that says nothing.
#[must_use]
pub fn recipient(keys: &JwkSet, alg: KeyAlg) -> Option<&Jwk> {
    let fitting = || keys.keys.iter().filter(|key| key.fits_encryption(alg));
    fitting().find(|key| key.usage.is_some()).or_else(|| fitting().next())
}

#[derive(Serialize)]
struct Header<'a> {
    alg: KeyAlg,
    enc: Enc,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cty: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    epk: Option<Jwk>,
}

/// A compact JWE of these bytes. `cty` as RFC 7516 section 4.1.12: `JWT` when the content is a signed token.
///
/// # Errors
/// See [`EncryptError`].
pub fn encrypt(plain: &[u8], to: &Jwk, alg: KeyAlg, enc: Enc, cty: Option<&str>) -> Result<String, EncryptError> {
    if !to.fits_encryption(alg) {
        return Err(EncryptError::Unfit(alg));
    }
    let keys = match alg {
        KeyAlg::RsaOaep256 => by_rsa(to, enc)?,
        KeyAlg::EcdhEs | KeyAlg::EcdhEsA256Kw => by_agreement(to, alg, enc)?,
    };
    let header = Header { alg, enc, kid: to.kid.as_deref(), cty, epk: keys.epk };
    let header = encode(&serde_json::to_vec(&header).map_err(|_| EncryptError::Crypto("header"))?);
    let sealed = content::seal(enc, &keys.content, header.as_bytes(), plain);
    let sealed = sealed.map_err(|_| EncryptError::Crypto("content encryption"))?;
    let parts = [&keys.wrapped, &sealed.iv, &sealed.ciphertext, &sealed.tag].map(|part| encode(part));
    Ok(format!("{header}.{}", parts.join(".")))
}

/// The content key, how it travels, and the sender's half of an agreement.
struct Keys {
    content: Zeroizing<Vec<u8>>,
    wrapped: Vec<u8>,
    epk: Option<Jwk>,
}

fn fresh(enc: Enc) -> Result<Zeroizing<Vec<u8>>, EncryptError> {
    let mut key = Zeroizing::new(vec![0; enc.key_bytes()]);
    SystemRandom::new().fill(&mut key).map_err(|_| EncryptError::Crypto("randomness"))?;
    Ok(key)
}

fn by_rsa(to: &Jwk, enc: Enc) -> Result<Keys, EncryptError> {
    let failed = |_| EncryptError::Crypto("RSA-OAEP");
    let key: PublicEncryptingKey = components(to)?.try_into().map_err(failed)?;
    let key = OaepPublicEncryptingKey::new(key).map_err(failed)?;
    let content = fresh(enc)?;
    let mut wrapped = vec![0; key.ciphertext_size()];
    let length = key.encrypt(&OAEP_SHA256_MGF1SHA256, &content, &mut wrapped, None).map_err(failed)?.len();
    wrapped.truncate(length);
    Ok(Keys { content, wrapped, epk: None })
}

fn by_agreement(to: &Jwk, alg: KeyAlg, enc: Enc) -> Result<Keys, EncryptError> {
    let failed = |_| EncryptError::Crypto("ECDH");
    let theirs = UnparsedPublicKey::new(&ECDH_P256, point(to, 32)?);
    let own = PrivateKey::generate(&ECDH_P256).map_err(failed)?;
    let public = own.compute_public_key().map_err(failed)?;
    let epk = ec_jwk("P-256", public.as_ref()).map_err(|_| EncryptError::Crypto("ECDH"))?;
    let agreed = agreement::agree(&own, theirs, EncryptError::Crypto("ECDH"), |z| {
        Ok(shared_key::derive(z, alg, enc, &[], &[]))
    })?;
    if alg != KeyAlg::EcdhEsA256Kw {
        return Ok(Keys { content: agreed, wrapped: Vec::new(), epk: Some(epk) });
    }
    let content = fresh(enc)?;
    let mut wrapped = vec![0; content.len() + 8];
    let wrapping = |_| EncryptError::Crypto("key wrap");
    AesKek::new(&AES_256, &agreed).map_err(wrapping)?.wrap(&content, &mut wrapped).map_err(wrapping)?;
    Ok(Keys { content, wrapped, epk: Some(epk) })
}
