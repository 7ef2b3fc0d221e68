//! The client's signed assertion (RFC 7523 section 3, FAPI 2.0 Security Profile section 5.3.2.1). Never here: its
//! signature, and whether its `jti` was seen before.

use crate::{Error, ErrorCode};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// The only `client_assertion_type` (RFC 7523 section 2.2).
pub const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// The longest assertion, in bytes.
pub const MAX_BYTES: usize = 16 * 1024;
/// How far ahead an assertion may expire, in seconds: so long its `jti` is remembered. An hour, which authlib asks for
/// unless told otherwise.
pub const LIFE_MAX_S: i64 = 3600;
/// How far the client's clock may be ahead, in seconds.
pub const SKEW_S: i64 = 60;
/// The longest `jti`, in bytes.
const JTI_MAX_BYTES: usize = 256;

/// What an assertion must say.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The client whose key signed it.
    pub client_id: &'a str,
    /// The names under which we take it: the issuer, and the endpoints where clients authenticate.
    pub audiences: &'a [String],
    /// Now, in seconds.
    pub now_s: i64,
}

/// What is remembered of an assertion that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    /// Its name: taken once.
    pub jti: String,
    /// When it expires, in seconds.
    pub expires_at_s: i64,
}

/// Whom an assertion claims to be from, **before anything of it is checked**: for finding the key alone.
#[must_use]
pub fn claimed_subject(assertion: &str) -> Option<String> {
    let payload = assertion.split('.').nth(1).filter(|_| assertion.len() <= MAX_BYTES)?;
    let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
    let mut claims: Map<String, Value> = serde_json::from_slice(&payload).ok()?;
    match claims.remove("sub") {
        Some(Value::String(subject)) => Some(subject),
        _ => None,
    }
}

/// Whether a token of this declared type may be an assertion: one made for something else is never taken for it
/// (RFC 8725 section 3.11).
#[must_use]
pub fn is_type(typ: Option<&str>) -> bool {
    typ.is_none_or(|typ| typ.eq_ignore_ascii_case("JWT") || typ.eq_ignore_ascii_case("client-authentication+jwt"))
}

/// Checks the claims of an assertion whose signature holds.
///
/// One audience only: an assertion meant for another server as well could be replayed by that one.
///
/// # Errors
/// `invalid_client`, naming the claim.
pub fn check(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<Assertion, Error> {
    let refuse = |why: &str| Error::new(ErrorCode::InvalidClient, format!("the client assertion is refused: {why}"));
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("iss") != Some(expected.client_id) || text("sub") != Some(expected.client_id) {
        return Err(refuse("iss and sub must be the client_id"));
    }
    let audience = match claims.get("aud") {
        Some(Value::String(one)) => Some(one.as_str()),
        Some(Value::Array(list)) => list.first().and_then(Value::as_str).filter(|_| list.len() == 1),
        _ => None,
    };
    if !audience.is_some_and(|audience| expected.audiences.iter().any(|own| own == audience)) {
        return Err(refuse("aud must be the issuer, and nothing else"));
    }
    let seconds = |name: &str| match claims.get(name) {
        None => Ok(None),
        Some(value) => value
            .as_i64()
            // Some libraries write a fraction.
            .or_else(|| value.as_f64().filter(|s| s.abs() < 1e15).map(|s| s.trunc() as i64))
            .map(Some)
            .ok_or_else(|| refuse("exp, nbf and iat must be numbers of seconds")),
    };
    let now = expected.now_s;
    let expires_at_s = seconds("exp")?.ok_or_else(|| refuse("exp is missing"))?;
    if expires_at_s <= now {
        return Err(refuse("it has expired"));
    }
    if expires_at_s > now + LIFE_MAX_S + SKEW_S {
        return Err(refuse("exp is more than an hour ahead"));
    }
    if [seconds("nbf")?, seconds("iat")?].into_iter().flatten().any(|from| from > now + SKEW_S) {
        return Err(refuse("it is not valid yet: look at the client's clock"));
    }
    let jti = text("jti").filter(|jti| !jti.is_empty() && jti.len() <= JTI_MAX_BYTES);
    let jti = jti.ok_or_else(|| refuse("jti is missing or longer than 256 bytes"))?.to_owned();
    Ok(Assertion { jti, expires_at_s })
}
