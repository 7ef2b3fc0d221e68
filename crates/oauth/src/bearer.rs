//! Finding the access token in a request (RFC 6750 section 2). Never here: whether it is valid.

use crate::{Error, Params};

/// The longest access token, in bytes.
pub const MAX_BYTES: usize = 16 * 1024;

/// The token in the `Authorization` header or, for a form POST, in the parameter `access_token`; `None` when there is
/// neither (answer 401 with [`challenge`]). A token in the query is never read (RFC 9700 section 4.3.2).
///
/// # Errors
/// `invalid_request` when both are used (RFC 6750 section 2) or the header is malformed.
pub fn read<'a>(authorization_header: Option<&'a str>, form: Option<&'a Params>) -> Result<Option<&'a str>, Error> {
    let in_form = form.and_then(|params| params.get("access_token"));
    let in_header = match authorization_header.map(|header| header.split_once(' ').unwrap_or((header, ""))) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("Bearer") => Some(token.trim_matches(' ')),
        _ => None,
    };
    let token = match (in_header, in_form) {
        (Some(_), Some(_)) => return Err(Error::invalid_request("the access token is sent in two ways")),
        (Some(token), None) | (None, Some(token)) => token,
        (None, None) => return Ok(None),
    };
    if !is_token(token) {
        return Err(Error::invalid_request("the access token is malformed"));
    }
    Ok(Some(token))
}

/// Whether a text may be an access token (RFC 6750 section 2.1).
pub(crate) fn is_token(text: &str) -> bool {
    let is_token_char = |b: u8| crate::form::is_unreserved(b) || matches!(b, b'+' | b'/' | b'=');
    !text.is_empty() && text.len() <= MAX_BYTES && text.bytes().all(is_token_char)
}

/// The `WWW-Authenticate` value for a request without any token: no error code (RFC 6750 section 3.1).
#[must_use]
pub fn challenge(realm: &str) -> String {
    format!("Bearer realm=\"{}\"", Error::invalid_request(realm).description)
}
