//! Token introspection (RFC 7662, RFC 9701): the request and the two forms of the answer. Never here: the tokens, and who
//! may ask about which.

use serde_json::{Map, Value, json};

/// A token and what kind it may be: the request of revocation, member by member (RFC 7662 section 2.1).
pub use crate::revoke::Request;

/// The media type of a signed answer (RFC 9701 section 4), and its declared type.
pub const SIGNED: &str = "application/token-introspection+jwt";
/// The declared type of a signed answer (RFC 9701 section 5).
pub const SIGNED_TYPE: &str = "token-introspection+jwt";

/// Whether the asker wants the answer signed: its `Accept` header names that form.
#[must_use]
pub fn wants_signed(accept_header: Option<&str>) -> bool {
    let named = |one: &str| one.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(SIGNED));
    accept_header.is_some_and(|accept| accept.split(',').any(named))
}

/// The answer about a token that is not valid, unknown, or none of the asker's business: all the same (section 2.2).
#[must_use]
pub fn inactive() -> Map<String, Value> {
    Map::from_iter([("active".to_owned(), Value::Bool(false))])
}

/// The claims of a signed answer (RFC 9701 section 5).
#[must_use]
pub fn signed_claims(issuer: &str, client_id: &str, now_s: i64, answer: Map<String, Value>) -> Value {
    json!({ "iss": issuer, "aud": client_id, "iat": now_s, "token_introspection": answer })
}
