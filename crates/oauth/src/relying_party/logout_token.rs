//! Whether the claims of a foreign logout token are for us, now, and about an end of a session (OpenID Connect Back-Channel
//! Logout 1.0 section 2.6). The signature was checked before. Never here: keys, whether it was used before, and whose
//! session it is.

use super::id_token::{IdTokenError, SubjectRule, check_audience, check_issuer, read_subject, time};
use crate::discovery::IssuerRule;
use serde_json::{Map, Value};

/// The event that it has to tell.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// The longest `sid` or `jti` that is looked at, in bytes.
const MAX_ID_BYTES: usize = 512;
/// How long ago it may have been issued, in seconds, whatever its `exp` says.
const MAX_AGE_S: i64 = 600;

/// What the token is held against.
#[derive(Clone, Debug)]
pub struct LogoutChecks<'a> {
    /// The issuer.
    pub issuer: &'a IssuerRule,
    /// Our name at the provider, the audience.
    pub client_id: &'a str,
    /// The time, in seconds since 1970.
    pub now_s: i64,
    /// How far clocks may differ, in seconds.
    pub skew_s: i64,
    /// What names the person.
    pub subject: SubjectRule,
}

/// What an accepted logout token says. One of `subject` and `sid` is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutClaims {
    /// The issuer exactly as the token names it.
    pub issuer: String,
    /// The person.
    pub subject: Option<String>,
    /// The session there.
    pub sid: Option<String>,
    /// The token's name, by which it counts once.
    pub jti: String,
    /// Until when it would be accepted, in seconds since 1970.
    pub expires_s: i64,
}

/// Why a logout token is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogoutTokenError {
    /// Something that it has in common with an ID token.
    #[error("{}", .0.to_string().replacen("ID token", "logout token", 1))]
    Common(#[from] IdTokenError),
    /// Not about an end of a session.
    #[error("the logout token does not tell the event \"{EVENT}\"")]
    Event,
    /// A `nonce`: it is an ID token, or would pass for one.
    #[error("the logout token has a nonce, which is forbidden")]
    Nonce,
    /// Neither `sub` nor `sid`.
    #[error("the logout token names neither a person (sub) nor a session (sid)")]
    Nobody,
    /// Declared to be something else.
    #[error("the logout token is declared to be of another type (typ)")]
    Type,
}

/// Judges the claims of a logout token whose signature holds; `typ` is its declared type.
///
/// # Errors
/// The first check that fails; see [`LogoutTokenError`].
pub fn check_logout_token(
    typ: Option<&str>,
    claims: &Map<String, Value>,
    checks: &LogoutChecks<'_>,
) -> Result<LogoutClaims, LogoutTokenError> {
    // Older providers declare nothing, or JWT (section 2.4 recommends the type, it does not ask for it).
    let typ = typ.map(|typ| typ.to_ascii_lowercase());
    let typ = typ.as_deref().map(|typ| typ.strip_prefix("application/").unwrap_or(typ));
    if !matches!(typ, None | Some("logout+jwt" | "jwt")) {
        return Err(LogoutTokenError::Type);
    }
    let issuer = check_issuer(claims, checks.issuer)?;
    check_audience(claims, checks.client_id)?;
    let issued = time(claims, "iat")?.ok_or(IdTokenError::Missing("iat"))?;
    if issued > checks.now_s.saturating_add(checks.skew_s) {
        return Err(IdTokenError::IssuedInFuture { ahead_s: issued.saturating_sub(checks.now_s) }.into());
    }
    // Since the errata `exp` is required; a token without it lives as long as any may.
    let latest = issued.saturating_add(MAX_AGE_S);
    let expires = time(claims, "exp")?.unwrap_or(latest).min(latest);
    if checks.now_s.saturating_sub(checks.skew_s) >= expires {
        let ago_s = checks.now_s.saturating_sub(expires);
        return Err(IdTokenError::Expired { ago_s, skew_s: checks.skew_s }.into());
    }
    if !claims.get("events").and_then(|events| events.get(EVENT)).is_some_and(Value::is_object) {
        return Err(LogoutTokenError::Event);
    }
    if claims.contains_key("nonce") {
        return Err(LogoutTokenError::Nonce);
    }
    let jti = name(claims, "jti")?.ok_or(IdTokenError::Missing("jti"))?;
    let sid = name(claims, "sid")?;
    let subject = if claims.contains_key("sub") { Some(read_subject(claims, checks.subject)?) } else { None };
    if subject.is_none() && sid.is_none() {
        return Err(LogoutTokenError::Nobody);
    }
    Ok(LogoutClaims { issuer, subject, sid, jti, expires_s: expires.saturating_add(checks.skew_s) })
}

/// A short text claim that is not empty.
fn name(claims: &Map<String, Value>, claim: &'static str) -> Result<Option<String>, IdTokenError> {
    match claims.get(claim) {
        None => Ok(None),
        Some(Value::String(text)) if !text.is_empty() && text.len() <= MAX_ID_BYTES && !text.contains('\0') => {
            Ok(Some(text.clone()))
        }
        Some(_) => Err(IdTokenError::Missing(claim)),
    }
}
