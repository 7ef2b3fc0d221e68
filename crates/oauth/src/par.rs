//! Pushed authorization requests (RFC 9126): the names of what was pushed, and the answer. Never here: keeping it.

use serde::Serialize;

use crate::{Error, Params};

/// What every `request_uri` of ours begins with (section 2.2).
pub const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";
/// The longest reference behind it, in bytes.
const MAX_REFERENCE_BYTES: usize = 128;
/// How the client authenticates is no part of the request (section 2.1).
const AUTHENTICATION: [&str; 3] = ["client_secret", "client_assertion", "client_assertion_type"];

/// The answer to a push (section 2.2). Send it with status 201.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Pushed {
    /// The name of the request, good once.
    pub request_uri: String,
    /// How long it is kept, in seconds.
    pub expires_in: i64,
}

/// The name is a secret until it is used.
impl std::fmt::Debug for Pushed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pushed").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

/// The `request_uri` for a random reference.
#[must_use]
pub fn request_uri(reference: &str) -> String {
    format!("{PREFIX}{reference}")
}

/// The reference in a `request_uri`; `None` when it is none of ours.
#[must_use]
pub fn reference(request_uri: &str) -> Option<&str> {
    let reference = request_uri.strip_prefix(PREFIX)?;
    let plain = reference.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    (!reference.is_empty() && reference.len() <= MAX_REFERENCE_BYTES && plain).then_some(reference)
}

/// The parameters of the pushed request itself: those of the form but the client's authentication (section 2.1).
///
/// # Errors
/// `invalid_request` when it holds a `request_uri`, or a `client_id` other than that of the client that authenticated.
pub fn parameters(form: &Params, client_id: &str) -> Result<Params, Error> {
    if form.get("request_uri").is_some() {
        return Err(Error::invalid_request("a pushed request must not contain request_uri"));
    }
    if form.get("client_id").is_some_and(|named| named != client_id) {
        return Err(Error::invalid_request("client_id is not the client that authenticated"));
    }
    let mut request = form.without(&AUTHENTICATION);
    if request.get("client_id").is_none() {
        request.add("client_id".to_owned(), client_id.to_owned())?;
    }
    Ok(request)
}
