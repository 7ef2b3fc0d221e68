//! Reading a compact JWE with our own keys (RFC 7516 section 5.2). Never here: what the content means; a signed token in
//! it is checked with [`crate::verify`].

use crate::decryption_key::{Agreement, DecryptionKey};
use crate::{Enc, Jwk, KeyAlg, MAX_TOKEN_BYTES, content, decode, json};
use serde_json::{Map, Value};

/// The longest `kid`, `cty`, `apu` or `apv` that is looked at, in bytes.
const MAX_NAME_BYTES: usize = 512;

/// What was encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decrypted {
    /// How the content key came.
    pub alg: KeyAlg,
    /// How the content was encrypted.
    pub enc: Enc,
    /// The declared type of the content, such as `JWT`.
    pub cty: Option<String>,
    /// The content.
    pub plain: Vec<u8>,
}

/// Why a token is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecryptError {
    /// Longer than [`MAX_TOKEN_BYTES`].
    #[error("the encrypted token is longer than {MAX_TOKEN_BYTES} bytes")]
    TooLarge,
    /// Not five parts of base64url, or a header that is no JSON object with unique names.
    #[error("the encrypted token is malformed: {0}")]
    Malformed(&'static str),
    /// The header names an algorithm outside the two closed lists.
    #[error(
        "the token is encrypted with algorithms that are not accepted here: use RSA-OAEP-256, ECDH-ES or ECDH-ES+A256KW with A128CBC-HS256, A128GCM or A256GCM"
    )]
    AlgNotAllowed,
    /// The content is compressed: its size is not known before it is unpacked.
    #[error("the token is compressed (zip), which is not accepted here")]
    Compressed,
    /// The header demands an extension (`crit`); none is understood.
    #[error("the token's header demands an extension (crit) that is not understood")]
    Critical,
    /// No key of ours opens it. One answer for every step from here on: a difference would be an oracle.
    #[error("the token cannot be decrypted with a key of ours")]
    NotForUs,
}

/// Whether a compact token is an encrypted one: five parts instead of three.
#[must_use]
pub fn is_encrypted(token: &str) -> bool {
    token.bytes().filter(|byte| *byte == b'.').count() == 4
}

/// Decrypts a token with one of our keys. A `kid` in the header chooses exactly; without one each key is tried.
///
/// # Errors
/// See [`DecryptError`].
pub fn decrypt(token: &str, keys: &[DecryptionKey]) -> Result<Decrypted, DecryptError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(DecryptError::TooLarge);
    }
    let parts: Vec<&str> = token.splitn(6, '.').collect();
    let &[head, wrapped, iv, ciphertext, tag] = parts.as_slice() else {
        return Err(DecryptError::Malformed("not five parts"));
    };
    let header = read_header(head)?;
    let part = |text: &str| decode(text).ok_or(DecryptError::Malformed("a part is not base64url"));
    let (wrapped, iv, ciphertext, tag) = (part(wrapped)?, part(iv)?, part(ciphertext)?, part(tag)?);
    let agreement = Agreement { epk: header.epk.as_ref(), apu: &header.apu, apv: &header.apv };
    let named = |key: &&DecryptionKey| header.kid.as_deref().is_none_or(|kid| kid == key.kid());
    for key in keys.iter().filter(named) {
        let Some(content_key) = key.content_key(header.alg, header.enc, &wrapped, &agreement) else { continue };
        let sealed = content::Sealed { iv: iv.clone(), ciphertext: ciphertext.clone(), tag: tag.clone() };
        if let Ok(plain) = content::open(header.enc, &content_key, head.as_bytes(), sealed) {
            return Ok(Decrypted { alg: header.alg, enc: header.enc, cty: header.cty, plain });
        }
    }
    Err(DecryptError::NotForUs)
}

struct Header {
    alg: KeyAlg,
    enc: Enc,
    kid: Option<String>,
    cty: Option<String>,
    epk: Option<Jwk>,
    apu: Vec<u8>,
    apv: Vec<u8>,
}

fn read_header(text: &str) -> Result<Header, DecryptError> {
    let bytes = decode(text).ok_or(DecryptError::Malformed("header is not base64url"))?;
    let mut members = json::object(&bytes)
        .map_err(|_| DecryptError::Malformed("header is not a JSON object with unique member names"))?;
    if members.contains_key("crit") {
        return Err(DecryptError::Critical);
    }
    if members.contains_key("zip") {
        return Err(DecryptError::Compressed);
    }
    let name = |name: &str| members.get(name).and_then(Value::as_str).ok_or(DecryptError::AlgNotAllowed);
    let alg = KeyAlg::parse(name("alg")?).ok_or(DecryptError::AlgNotAllowed)?;
    let enc = Enc::parse(name("enc")?).ok_or(DecryptError::AlgNotAllowed)?;
    let epk = match members.remove("epk") {
        None => None,
        Some(value @ Value::Object(_)) => {
            Some(serde_json::from_value(value).map_err(|_| DecryptError::Malformed("epk is not a key"))?)
        }
        Some(_) => return Err(DecryptError::Malformed("epk is not a key")),
    };
    let party = |members: &mut Map<String, Value>, name| match short(members, name)? {
        None => Ok(Vec::new()),
        Some(text) => decode(&text).ok_or(DecryptError::Malformed("apu or apv is not base64url")),
    };
    let (apu, apv) = (party(&mut members, "apu")?, party(&mut members, "apv")?);
    Ok(Header { alg, enc, kid: short(&mut members, "kid")?, cty: short(&mut members, "cty")?, epk, apu, apv })
}

fn short(members: &mut Map<String, Value>, name: &str) -> Result<Option<String>, DecryptError> {
    match members.remove(name) {
        None => Ok(None),
        Some(Value::String(text)) if text.len() <= MAX_NAME_BYTES => Ok(Some(text)),
        Some(_) => Err(DecryptError::Malformed("a member of the header is not a short text")),
    }
}
