//! Proofs of possession (RFC 9449): the key that a proof brings, and what its claims must say. Never here: signatures,
//! whether a `jti` was seen before, the making of nonces.

use crate::{Error, ErrorCode};
use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use url::Url;

/// The declared type of a proof (section 4.2).
pub const TYPE: &str = "dpop+jwt";
/// The name of the scheme and of the token type (section 7.1).
pub const SCHEME: &str = "DPoP";
/// The longest proof, in bytes.
pub const MAX_BYTES: usize = 8 * 1024;
/// How old a proof without a nonce may be, in seconds (section 11.1).
pub const AGE_MAX_S: i64 = 60;
/// How far the client's clock may be ahead, in seconds.
pub const SKEW_S: i64 = 30;
/// The longest `jti` or nonce, in bytes.
const TEXT_MAX_BYTES: usize = 512;
/// Members of a key that only its owner may know (RFC 7518 section 6), and one that makes it symmetric.
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// What the request is that a proof has to belong to.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// Its method.
    pub method: &'a str,
    /// Its address; query and fragment do not count.
    pub address: &'a str,
    /// The access token that comes with it, at a resource.
    pub access_token: Option<&'a str>,
    /// Now, in seconds.
    pub now_s: i64,
}

/// What a proof says that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Its name: taken once.
    pub jti: String,
    /// When it was made, in seconds, by the client's clock.
    pub issued_at_s: i64,
    /// The nonce of ours that it carries.
    pub nonce: Option<String>,
}

impl Proof {
    /// Whether it is fresh by the client's clock. One with a nonce of ours is fresh by that, whatever the clock says.
    ///
    /// # Errors
    /// `invalid_dpop_proof`.
    pub fn check_age(&self, now_s: i64) -> Result<(), Error> {
        if self.issued_at_s > now_s + SKEW_S || self.issued_at_s < now_s - AGE_MAX_S {
            return Err(refuse("iat is not now: look at the client's clock, or send a nonce"));
        }
        Ok(())
    }
}

fn refuse(why: &str) -> Error {
    Error::new(ErrorCode::InvalidDpopProof, format!("the DPoP proof is refused: {why}"))
}

/// The public key in the header of a proof, **before its signature is checked** with that very key.
///
/// # Errors
/// `invalid_dpop_proof`: not three parts, another type, no key, or one with private members.
pub fn key(proof: &str) -> Result<Map<String, Value>, Error> {
    if proof.len() > MAX_BYTES {
        return Err(refuse("it is longer than 8192 bytes"));
    }
    let header = proof.split('.').next().filter(|_| proof.split('.').count() == 3);
    let header = header.and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
    let header = header.and_then(|bytes| serde_json::from_slice::<Map<String, Value>>(&bytes).ok());
    let mut header = header.ok_or_else(|| refuse("it is no signed token"))?;
    if header.get("typ").and_then(Value::as_str) != Some(TYPE) {
        return Err(refuse("typ must be dpop+jwt"));
    }
    let Some(Value::Object(key)) = header.remove("jwk") else { return Err(refuse("jwk is missing")) };
    if PRIVATE.iter().any(|name| key.contains_key(*name)) {
        return Err(refuse("jwk holds a private key: make a new one, and send the public part only"));
    }
    Ok(key)
}

/// Checks the claims of a proof whose signature holds (section 4.3, points 8 to 12 except the nonce and the age).
///
/// # Errors
/// `invalid_dpop_proof`, naming the claim.
pub fn check(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<Proof, Error> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).filter(|text| text.len() <= TEXT_MAX_BYTES * 8);
    if text("htm") != Some(expected.method) {
        return Err(refuse("htm is not the request's method"));
    }
    if !text("htu").is_some_and(|htu| same_address(htu, expected.address)) {
        return Err(refuse("htu is not the request's address"));
    }
    if let Some(token) = expected.access_token
        && text("ath") != Some(hash(token).as_str())
    {
        return Err(refuse("ath does not belong to the access token"));
    }
    let issued_at_s = claims.get("iat").and_then(|iat| iat.as_i64().or_else(|| whole(iat)));
    let issued_at_s = issued_at_s.ok_or_else(|| refuse("iat is missing or no number"))?;
    let short = |name: &str| text(name).filter(|text| !text.is_empty() && text.len() <= TEXT_MAX_BYTES);
    let jti = short("jti").ok_or_else(|| refuse("jti is missing or too long"))?.to_owned();
    let nonce = match claims.get("nonce") {
        None => None,
        Some(_) => Some(short("nonce").ok_or_else(|| refuse("nonce is no short text"))?.to_owned()),
    };
    Ok(Proof { jti, issued_at_s, nonce })
}

fn whole(number: &Value) -> Option<i64> {
    number.as_f64().filter(|s| s.abs() < 1e15).map(|s| s.trunc() as i64)
}

/// The value of `ath`: the SHA-256 of the access token, base64url.
#[must_use]
pub fn hash(access_token: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, access_token.as_bytes()))
}

/// Whether two addresses are one, without query and fragment, after syntax-based normalisation (section 4.3).
fn same_address(one: &str, other: &str) -> bool {
    let bare = |address: &str| {
        let mut url = Url::parse(address).ok()?;
        url.set_query(None);
        url.set_fragment(None);
        Some(url)
    };
    matches!((bare(one), bare(other)), (Some(one), Some(other)) if one == other)
}

/// Whether a text may be the thumbprint in `dpop_jkt` (section 10): 32 bytes in base64url.
#[must_use]
pub fn is_thumbprint(text: &str) -> bool {
    text.len() == 43 && URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32)
}

/// The token in an `Authorization` header of the scheme `DPoP`; `None` for another scheme.
///
/// # Errors
/// `invalid_request` when it is malformed.
pub fn token(authorization_header: Option<&str>) -> Result<Option<&str>, Error> {
    let Some((scheme, token)) = authorization_header.map(|header| header.split_once(' ').unwrap_or((header, "")))
    else {
        return Ok(None);
    };
    if !scheme.eq_ignore_ascii_case(SCHEME) {
        return Ok(None);
    }
    let token = token.trim_matches(' ');
    if !crate::bearer::is_token(token) {
        return Err(Error::invalid_request("the access token is malformed"));
    }
    Ok(Some(token))
}

/// The `WWW-Authenticate` value for a refused request with a bound token (section 7.1).
#[must_use]
pub fn challenge(realm: &str, error: Option<&Error>) -> String {
    let algs = "ES256 EdDSA RS256 PS256";
    let realm = Error::invalid_request(realm).description;
    match error {
        None => format!("{SCHEME} realm=\"{realm}\", algs=\"{algs}\""),
        Some(error) => format!(
            "{SCHEME} realm=\"{realm}\", error=\"{}\", error_description=\"{}\", algs=\"{algs}\"",
            error.code, error.description
        ),
    }
}
