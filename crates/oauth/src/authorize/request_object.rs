//! What a signed request object says (RFC 9101, OpenID Connect Core 6): its claims become the parameters of the request.
//! Never here: the signature, and whether its `jti` was seen before.

use crate::{Error, ErrorCode, Params};
use serde_json::{Map, Value};

/// The declared type of a request object (RFC 9101 section 10.8); `JWT` is what older libraries write.
pub const TYPE: &str = "oauth-authz-req+jwt";
/// How long an object may be good for at most, in seconds: it is used at once.
pub const MAX_LIFE_S: i64 = 3600;
/// How far the client's clock may be off, in seconds.
pub const SKEW_S: i64 = 60;

/// Claims of the JWT itself, which are no parameters.
const OF_THE_JWT: [&str; 7] = ["iss", "aud", "exp", "nbf", "iat", "jti", "sub"];

/// Whom an object has to be from and for, and when.
#[derive(Clone, Copy, Debug)]
pub struct Checks<'a> {
    /// The client that the request names outside the object.
    pub client_id: &'a str,
    /// Us.
    pub issuer: &'a str,
    /// Now, in seconds since 1970.
    pub now_s: i64,
}

/// An object that holds.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The request: nothing outside the object counts (RFC 9101 section 5).
    pub params: Params,
    /// Its own name, good once.
    pub jti: Option<String>,
    /// When it ends, in seconds since 1970: until then its `jti` is remembered.
    pub expires_at_s: i64,
}

/// Whether a declared type may be that of a request object. An ID token, an access token or a client assertion with a
/// type of its own is none (RFC 8725 section 3.11).
#[must_use]
pub fn is_type(typ: Option<&str>) -> bool {
    let Some(typ) = typ else { return true };
    let typ = typ.to_ascii_lowercase();
    let bare = typ.strip_prefix("application/").unwrap_or(&typ);
    bare == TYPE || bare == "jwt"
}

/// Reads the claims of an object whose signature holds.
///
/// # Errors
/// `invalid_request_object`: it is another client's, for another issuer, not good now or for too long, holds another
/// object, or a claim that cannot be a parameter.
pub fn read(claims: &Map<String, Value>, checks: &Checks<'_>) -> Result<Opened, Error> {
    check_parties(claims, checks)?;
    let expires_at_s = check_times(claims, checks.now_s)?;
    let jti = match claims.get("jti") {
        None => None,
        Some(Value::String(jti)) if !jti.is_empty() && jti.len() <= 512 => Some(jti.clone()),
        Some(_) => return Err(refuse("jti must be a text of 1 to 512 bytes")),
    };
    let mut params = Params::default();
    for (name, value) in claims.iter().filter(|(name, _)| !OF_THE_JWT.contains(&name.as_str())) {
        if matches!(name.as_str(), "request" | "request_uri") {
            return Err(refuse(format!("a request object must not contain {name} (RFC 9101 section 4)")));
        }
        for text in parameter(name, value)? {
            params.add(name.clone(), text).map_err(|error| refuse(error.description))?;
        }
    }
    if params.get("client_id").is_none() {
        params.add("client_id".to_owned(), checks.client_id.to_owned()).map_err(|error| refuse(error.description))?;
    }
    Ok(Opened { params, jti, expires_at_s })
}

fn refuse(why: impl AsRef<str>) -> Error {
    Error::new(ErrorCode::InvalidRequestObject, why)
}

/// RFC 9101 sections 4, 5 and 10.8: from this client, for us, and no client assertion.
fn check_parties(claims: &Map<String, Value>, checks: &Checks<'_>) -> Result<(), Error> {
    let is_client = |name: &str| claims.get(name).is_none_or(|value| value.as_str() == Some(checks.client_id));
    if !is_client("client_id") {
        return Err(refuse("client_id of the object differs from the one beside it"));
    }
    if !is_client("iss") {
        return Err(refuse("iss of the object must be the client_id"));
    }
    let for_us = match claims.get("aud") {
        Some(Value::String(aud)) => aud == checks.issuer,
        Some(Value::Array(all)) => all.iter().any(|aud| aud.as_str() == Some(checks.issuer)),
        _ => false,
    };
    if !for_us {
        return Err(refuse(format!("aud of the object must be the issuer, {}", checks.issuer)));
    }
    if claims.get("sub").is_some_and(|sub| sub.as_str() == Some(checks.client_id)) {
        return Err(refuse("sub of the object is the client: this is a client assertion"));
    }
    Ok(())
}

/// The end of the object's life. One that says nothing of it is good as long as any may be.
fn check_times(claims: &Map<String, Value>, now_s: i64) -> Result<i64, Error> {
    let time = |name: &str| match claims.get(name) {
        None => Ok(None),
        Some(value) => value.as_i64().map(Some).ok_or_else(|| refuse(format!("{name} must be a number of seconds"))),
    };
    let (exp, nbf, iat) = (time("exp")?, time("nbf")?, time("iat")?);
    let ahead = |at: i64| at > now_s.saturating_add(SKEW_S);
    if nbf.is_some_and(ahead) || iat.is_some_and(ahead) {
        return Err(refuse("the object is not yet good: nbf or iat lies ahead"));
    }
    let begins = nbf.or(iat).unwrap_or(now_s);
    let Some(exp) = exp else {
        let ends = begins.saturating_add(MAX_LIFE_S);
        return if ends > now_s { Ok(ends) } else { Err(refuse("the object is older than an hour: send a new one")) };
    };
    if exp.saturating_add(SKEW_S) <= now_s {
        return Err(refuse("the object has expired"));
    }
    if exp.saturating_sub(begins) > MAX_LIFE_S {
        return Err(refuse(format!("the object is good for more than {MAX_LIFE_S} seconds: let exp be sooner")));
    }
    Ok(exp.saturating_add(SKEW_S))
}

/// The text form of a claim (RFC 9101 section 4: numbers and objects stand as JSON; `resource` may be a list).
fn parameter(name: &str, value: &Value) -> Result<Vec<String>, Error> {
    match (name, value) {
        (_, Value::String(text)) if text.contains('\0') => Err(refuse(format!("{name} contains U+0000"))),
        (_, Value::String(text)) => Ok(vec![text.clone()]),
        (_, Value::Number(number)) => Ok(vec![number.to_string()]),
        ("claims", Value::Object(_)) => Ok(vec![value.to_string()]),
        ("resource" | "audience", Value::Array(all)) => {
            let texts = all.iter().map(|one| one.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>();
            texts.ok_or_else(|| refuse(format!("{name} must be a text or a list of texts")))
        }
        // What is not known is passed over, in any form.
        (_, Value::Null | Value::Bool(_) | Value::Object(_) | Value::Array(_)) => Ok(Vec::new()),
    }
}
