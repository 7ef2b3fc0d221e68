//! Checking the signature of a compact token against a key set. Never here: `exp`, `aud`, `iss` and the like, and any
//! key that came with the token itself.

use crate::{Alg, Jwk, JwkSet, KeyProblem, MAX_TOKEN_BYTES, decode, json, public_key};
use serde_json::{Map, Value};

/// The longest `kid` or `typ` that is looked at, in bytes.
const MAX_NAME_BYTES: usize = 512;

/// A token whose signature holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    /// The members of the header that matter.
    pub header: Header,
    /// The claims, each name once.
    pub claims: Map<String, Value>,
}

/// The protected header, as far as it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The algorithm, one of those allowed.
    pub alg: Alg,
    /// The key's name, if the token gave one.
    pub kid: Option<String>,
    /// The declared type, such as `JWT` or `at+jwt`.
    pub typ: Option<String>,
}

/// Why a token is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// Longer than [`MAX_TOKEN_BYTES`].
    #[error("the token is longer than {MAX_TOKEN_BYTES} bytes")]
    TooLarge,
    /// Not three parts of base64url, or header or claims are no JSON object with unique names.
    #[error("the token is malformed: {0}")]
    Malformed(&'static str),
    /// The header's algorithm is unknown or not among those allowed here.
    #[error("the token is signed with algorithm \"{0}\", which is not accepted here")]
    AlgNotAllowed(String),
    /// The header demands an extension (`crit`); none is understood (RFC 7515 section 4.1.11).
    #[error("the token's header demands an extension (crit) that is not understood")]
    Critical,
    /// No key of that name: fetch the set again, since the signer may have rotated its keys, then try once more.
    #[error("the key set has no key named \"{0}\"")]
    UnknownKid(String),
    /// No key of the set fits the algorithm (or the one named does not).
    #[error("the key set has no key that fits algorithm {0}")]
    NoFittingKey(Alg),
    /// The key is there but cannot be used.
    #[error("the key cannot be used: {0}")]
    Key(#[from] KeyProblem),
    /// The signature does not hold.
    #[error("the signature is not valid")]
    Signature,
}

/// The claims of a compact JWS (RFC 7515 section 5.2), if its signature is by a key of the set.
///
/// The algorithm has to be in `allowed` and fit the key's own type and `alg` (RFC 8725 section 3.1). A `kid` in the
/// header chooses exactly; without one every fitting key is tried. Keys that the token brings or points to (`jwk`,
/// `jku`, `x5u`, `x5c`) are never used.
///
/// # Errors
/// See [`VerifyError`]; [`VerifyError::UnknownKid`] is the one after which the set should be fetched again.
pub fn verify(token: &str, keys: &JwkSet, allowed: &[Alg]) -> Result<Verified, VerifyError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(VerifyError::TooLarge);
    }
    let (message, signature) = token.rsplit_once('.').ok_or(VerifyError::Malformed("not three parts"))?;
    let (head, payload) = message.split_once('.').ok_or(VerifyError::Malformed("not three parts"))?;
    if payload.contains('.') {
        return Err(VerifyError::Malformed("not three parts (encrypted tokens are not supported)"));
    }
    let header = read_header(head, allowed)?;
    let signature = decode(signature).ok_or(VerifyError::Malformed("signature is not base64url"))?;
    check_signature(&header, keys, message.as_bytes(), &signature)?;
    let payload = decode(payload).ok_or(VerifyError::Malformed("payload is not base64url"))?;
    let claims = json::object(&payload)
        .map_err(|_| VerifyError::Malformed("payload is not a JSON object with unique member names"))?;
    Ok(Verified { header, claims })
}

fn read_header(text: &str, allowed: &[Alg]) -> Result<Header, VerifyError> {
    let bytes = decode(text).ok_or(VerifyError::Malformed("header is not base64url"))?;
    let mut members = json::object(&bytes)
        .map_err(|_| VerifyError::Malformed("header is not a JSON object with unique member names"))?;
    let Some(Value::String(name)) = members.remove("alg") else {
        return Err(VerifyError::Malformed("header has no alg"));
    };
    let alg = Alg::parse(&name)
        .filter(|alg| allowed.contains(alg))
        .ok_or_else(|| VerifyError::AlgNotAllowed(printable(&name)))?;
    if members.contains_key("crit") {
        return Err(VerifyError::Critical);
    }
    let kid = name_member(members.remove("kid"), "kid is not a short text")?;
    let typ = name_member(members.remove("typ"), "typ is not a short text")?;
    Ok(Header { alg, kid, typ })
}

fn name_member(value: Option<Value>, problem: &'static str) -> Result<Option<String>, VerifyError> {
    match value {
        None => Ok(None),
        Some(Value::String(text)) if text.len() <= MAX_NAME_BYTES => Ok(Some(text)),
        Some(_) => Err(VerifyError::Malformed(problem)),
    }
}

fn check_signature(header: &Header, keys: &JwkSet, message: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
    let named: Vec<&Jwk> = match &header.kid {
        Some(kid) => keys.keys.iter().filter(|key| key.kid.as_ref() == Some(kid)).collect(),
        None => keys.keys.iter().collect(),
    };
    if let Some(kid) = header.kid.as_ref().filter(|_| named.is_empty()) {
        return Err(VerifyError::UnknownKid(printable(kid)));
    }
    let mut outcome = VerifyError::NoFittingKey(header.alg);
    for key in named.into_iter().filter(|key| key.fits(header.alg)) {
        match public_key::check(key, header.alg, message, signature) {
            Ok(true) => return Ok(()),
            Ok(false) => outcome = VerifyError::Signature,
            // A key that cannot be used explains more than "no key", less than "a good key said no".
            Err(problem) if outcome != VerifyError::Signature => outcome = VerifyError::Key(problem),
            Err(_) => {}
        }
    }
    Err(outcome)
}

/// Foreign text made fit for a message: plain ASCII, at most 64 characters.
fn printable(text: &str) -> String {
    text.chars().take(64).map(|c| if c.is_ascii_graphic() && c != '"' && c != '\\' { c } else { '?' }).collect()
}
