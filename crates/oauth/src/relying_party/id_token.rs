//! Whether the claims of a foreign ID token are for us, now, and for this sign-in (OpenID Connect Core 3.1.3.7). The
//! signature was checked before. Never here: keys, and whom the identity belongs to.

use super::callback::clean;
use super::identity::{IdentityClaims, text};
use crate::discovery::IssuerRule;
use serde_json::{Map, Value};
use subtle::ConstantTimeEq as _;

/// The longest subject, in characters (OpenID Connect Core section 2).
const MAX_SUBJECT: usize = 255;
/// The last second that a time claim may name: the end of the year 9999.
const MAX_TIME_S: i64 = 253_402_300_799;

/// What names the person at the issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectRule {
    /// `sub`.
    Sub,
    /// Entra: `tid`, a colon and `oid`, since its `sub` differs per application.
    TidOid,
}

/// What the token is held against.
#[derive(Clone, Debug)]
pub struct IdTokenChecks<'a> {
    /// The issuer.
    pub issuer: &'a IssuerRule,
    /// Our name at the provider, the audience.
    pub client_id: &'a str,
    /// The nonce that we sent.
    pub nonce: &'a str,
    /// The time, in seconds since 1970.
    pub now_s: i64,
    /// How far clocks may differ, in seconds; 60 is usual.
    pub skew_s: i64,
    /// How long ago the token may have been issued, in seconds; 600 is usual for one that comes straight from the
    /// token endpoint. `None` does not look.
    pub max_token_age_s: Option<i64>,
    /// The `max_age` that we asked for, in seconds.
    pub max_age_s: Option<u32>,
    /// The half hash of the access token that came along, compared when the token has `at_hash`.
    pub at_hash: Option<&'a str>,
    /// What names the person.
    pub subject: SubjectRule,
}

/// Why an ID token is refused: what was seen and what was expected, never a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdTokenError {
    /// A claim is missing or of a wrong type.
    #[error("the ID token has no valid claim \"{0}\"")]
    Missing(&'static str),
    /// Entra without `oid`.
    #[error("the ID token has no claim \"oid\": ask for the scope \"profile\"")]
    MissingOid,
    /// `iss`.
    #[error("the ID token is issued by {seen}, expected {expected}")]
    Issuer {
        /// In the token.
        seen: String,
        /// At the provider.
        expected: String,
    },
    /// `aud`.
    #[error("the ID token is for {seen}, expected our client id {expected}")]
    Audience {
        /// In the token.
        seen: String,
        /// Our client id.
        expected: String,
    },
    /// Several `aud`, no `azp`.
    #[error("the ID token is for several clients but does not say (azp) to which it was issued")]
    NoAuthorizedParty,
    /// `azp`.
    #[error("the ID token was issued to client {seen} (azp), expected {expected}")]
    AuthorizedParty {
        /// In the token.
        seen: String,
        /// Our client id.
        expected: String,
    },
    /// `exp`.
    #[error("the ID token expired {ago_s} seconds ago (allowed difference of clocks: {skew_s} seconds)")]
    Expired {
        /// How long ago.
        ago_s: i64,
        /// The allowance.
        skew_s: i64,
    },
    /// `iat` in the future.
    #[error("the ID token says it was issued {ahead_s} seconds in the future: compare the clocks")]
    IssuedInFuture {
        /// How far.
        ahead_s: i64,
    },
    /// `iat` too long ago.
    #[error("the ID token was issued {age_s} seconds ago, expected at most {max_s}: compare the clocks")]
    TooOld {
        /// Its age.
        age_s: i64,
        /// The allowance.
        max_s: i64,
    },
    /// `nbf`.
    #[error("the ID token is not valid for another {ahead_s} seconds (nbf): compare the clocks")]
    NotYet {
        /// How far.
        ahead_s: i64,
    },
    /// `nonce` missing.
    #[error("the ID token has no nonce, but one was sent with the sign-in")]
    NoNonce,
    /// `nonce` of another sign-in.
    #[error("the ID token's nonce is not the one sent with this sign-in")]
    Nonce,
    /// `sub` empty, too long, or with control characters.
    #[error("the ID token's subject must have 1 to {MAX_SUBJECT} characters and no control characters")]
    Subject,
    /// `auth_time` missing although `max_age` was asked.
    #[error("the ID token does not say when the person signed in (auth_time), though max_age was asked")]
    NoAuthTime,
    /// `auth_time` too long ago.
    #[error("the person signed in {age_s} seconds ago, asked was at most {max_s}")]
    AuthTooOld {
        /// How long ago.
        age_s: i64,
        /// What was asked.
        max_s: i64,
    },
    /// `auth_time` in the future.
    #[error("the ID token says the person signed in {ahead_s} seconds in the future: compare the clocks")]
    AuthInFuture {
        /// How far.
        ahead_s: i64,
    },
    /// `at_hash`.
    #[error("the ID token's at_hash does not belong to the access token that came with it")]
    AtHash,
}

/// Judges the claims of an ID token whose signature holds.
///
/// # Errors
/// The first check that fails; see [`IdTokenError`].
pub fn check_id_token(claims: &Map<String, Value>, checks: &IdTokenChecks<'_>) -> Result<IdentityClaims, IdTokenError> {
    let issuer = check_issuer(claims, checks.issuer)?;
    check_audience(claims, checks.client_id)?;
    check_times(claims, checks)?;
    match claims.get("nonce").and_then(Value::as_str) {
        None => return Err(IdTokenError::NoNonce),
        Some(seen) if !same(seen, checks.nonce) => return Err(IdTokenError::Nonce),
        Some(_) => {}
    }
    let auth_time_s = check_auth_time(claims, checks)?;
    check_at_hash(claims, checks.at_hash)?;
    let subject = read_subject(claims, checks.subject)?;
    Ok(IdentityClaims::take(claims, issuer, subject, auth_time_s))
}

fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

pub(super) fn check_issuer(claims: &Map<String, Value>, rule: &IssuerRule) -> Result<String, IdTokenError> {
    let seen = claims.get("iss").and_then(Value::as_str).ok_or(IdTokenError::Missing("iss"))?;
    if rule.accepts(seen, text(claims, "tid")) {
        return Ok(seen.to_owned());
    }
    Err(IdTokenError::Issuer { seen: clean(seen, 200), expected: rule.as_str().to_owned() })
}

/// `aud` has to name us; with several, `azp` has to say that the token was issued to us, and when there at all it has
/// to be us.
pub(super) fn check_audience(claims: &Map<String, Value>, client_id: &str) -> Result<(), IdTokenError> {
    let audiences: Vec<&str> = match claims.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => {
            let texts: Option<Vec<&str>> = many.iter().map(Value::as_str).collect();
            texts.ok_or(IdTokenError::Missing("aud"))?
        }
        _ => return Err(IdTokenError::Missing("aud")),
    };
    if !audiences.contains(&client_id) {
        return Err(IdTokenError::Audience { seen: clean(&audiences.join(", "), 200), expected: client_id.to_owned() });
    }
    match claims.get("azp") {
        None if audiences.len() > 1 => Err(IdTokenError::NoAuthorizedParty),
        None => Ok(()),
        Some(Value::String(seen)) if seen == client_id => Ok(()),
        Some(Value::String(seen)) => {
            Err(IdTokenError::AuthorizedParty { seen: clean(seen, 200), expected: client_id.to_owned() })
        }
        Some(_) => Err(IdTokenError::Missing("azp")),
    }
}

/// A time claim (NumericDate, RFC 7519 section 2), in whole seconds; `None` when it is absent.
pub(super) fn time(claims: &Map<String, Value>, name: &'static str) -> Result<Option<i64>, IdTokenError> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    // The cast saturates; what is out of range is refused right after.
    #[expect(clippy::cast_possible_truncation, reason = "fractions of a second do not matter, and `as` saturates")]
    let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds.floor() as i64));
    seconds.filter(|seconds| (0..=MAX_TIME_S).contains(seconds)).map(Some).ok_or(IdTokenError::Missing(name))
}

fn check_times(claims: &Map<String, Value>, checks: &IdTokenChecks<'_>) -> Result<(), IdTokenError> {
    let (now, skew_s) = (checks.now_s, checks.skew_s);
    let expires = time(claims, "exp")?.ok_or(IdTokenError::Missing("exp"))?;
    if now.saturating_sub(skew_s) >= expires {
        return Err(IdTokenError::Expired { ago_s: now.saturating_sub(expires), skew_s });
    }
    let issued = time(claims, "iat")?.ok_or(IdTokenError::Missing("iat"))?;
    let latest = now.saturating_add(skew_s);
    if issued > latest {
        return Err(IdTokenError::IssuedInFuture { ahead_s: issued.saturating_sub(now) });
    }
    let age_s = now.saturating_sub(issued);
    if let Some(max_s) = checks.max_token_age_s.filter(|max_s| age_s > max_s.saturating_add(skew_s)) {
        return Err(IdTokenError::TooOld { age_s, max_s });
    }
    match time(claims, "nbf")? {
        Some(from) if from > latest => Err(IdTokenError::NotYet { ahead_s: from.saturating_sub(now) }),
        _ => Ok(()),
    }
}

fn check_auth_time(claims: &Map<String, Value>, checks: &IdTokenChecks<'_>) -> Result<Option<i64>, IdTokenError> {
    // Without max_age it is a remark only: a malformed one counts as absent.
    let Some(max_age_s) = checks.max_age_s else { return Ok(time(claims, "auth_time").ok().flatten()) };
    let signed_in = time(claims, "auth_time")?.ok_or(IdTokenError::NoAuthTime)?;
    if signed_in > checks.now_s.saturating_add(checks.skew_s) {
        return Err(IdTokenError::AuthInFuture { ahead_s: signed_in.saturating_sub(checks.now_s) });
    }
    let (age_s, max_s) = (checks.now_s.saturating_sub(signed_in), i64::from(max_age_s));
    if age_s > max_s.saturating_add(checks.skew_s) {
        return Err(IdTokenError::AuthTooOld { age_s, max_s });
    }
    Ok(Some(signed_in))
}

fn check_at_hash(claims: &Map<String, Value>, computed: Option<&str>) -> Result<(), IdTokenError> {
    match (claims.get("at_hash"), computed) {
        (None, _) | (_, None) => Ok(()),
        (Some(Value::String(seen)), Some(computed)) if same(seen, computed) => Ok(()),
        _ => Err(IdTokenError::AtHash),
    }
}

pub(super) fn read_subject(claims: &Map<String, Value>, rule: SubjectRule) -> Result<String, IdTokenError> {
    let sub = claims.get("sub").and_then(Value::as_str).ok_or(IdTokenError::Missing("sub"))?;
    let subject = match rule {
        SubjectRule::Sub => sub.to_owned(),
        SubjectRule::TidOid => {
            let tid = text(claims, "tid").ok_or(IdTokenError::Missing("tid"))?;
            let oid = text(claims, "oid").ok_or(IdTokenError::MissingOid)?;
            // The separator must not occur in either half, else two people could share one name.
            if tid.contains(':') || oid.contains(':') {
                return Err(IdTokenError::Subject);
            }
            format!("{tid}:{oid}")
        }
    };
    let fits = |text: &str| (1..=MAX_SUBJECT).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if fits(&subject) && fits(sub) { Ok(subject) } else { Err(IdTokenError::Subject) }
}
