//! Resource indicators (RFC 8707): where a token is to be used. Never here: which resources a client may name (its
//! registration is passed in), and the token itself.

use crate::{Error, ErrorCode, Params};
use url::Url;

/// The most resources that one request may name.
pub const MAX_COUNT: usize = 16;
/// The longest name, in bytes.
pub const MAX_BYTES: usize = 2048;

/// The resources of a request, each once, in their order; well formed, not yet looked up (section 2).
///
/// # Errors
/// `invalid_target` for one that is no absolute URI or has a fragment, and for too many.
pub fn read(params: &Params) -> Result<Vec<String>, Error> {
    let mut resources: Vec<String> = Vec::new();
    for resource in params.all("resource") {
        check(resource)?;
        if !resources.iter().any(|own| own == resource) {
            resources.push(resource.to_owned());
        }
    }
    if resources.len() > MAX_COUNT {
        return Err(Error::new(ErrorCode::InvalidTarget, format!("at most {MAX_COUNT} resources")));
    }
    Ok(resources)
}

/// Whether a text may be a resource: an absolute URI without a fragment (section 2).
///
/// # Errors
/// `invalid_target`, in words.
pub fn check(resource: &str) -> Result<(), Error> {
    let plain = !resource.is_empty() && resource.len() <= MAX_BYTES && resource.bytes().all(|b| b.is_ascii_graphic());
    if !plain || resource.contains('#') || Url::parse(resource).is_err() {
        let why = "resource must be an absolute URI without a fragment, as in https://api.example.com/";
        return Err(Error::new(ErrorCode::InvalidTarget, why));
    }
    Ok(())
}

/// What is given of what is asked: every resource has to be among those `allowed`; nothing asked is everything that
/// `granted` holds (section 2.2: at the token endpoint a token may be narrowed, never widened).
///
/// # Errors
/// `invalid_target` naming the first that is not allowed.
pub fn narrow(asked: &[String], allowed: &[String], granted: &[String]) -> Result<Vec<String>, Error> {
    if asked.is_empty() {
        return Ok(granted.to_vec());
    }
    match asked.iter().find(|resource| !allowed.contains(resource)) {
        Some(other) => Err(Error::new(
            ErrorCode::InvalidTarget,
            format!("the resource {other} is not one that may be asked for here"),
        )),
        None => Ok(asked.to_vec()),
    }
}
