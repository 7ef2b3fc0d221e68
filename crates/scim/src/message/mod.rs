//! The messages of the protocol besides resources and errors: lists, searches, PATCH bodies and bulk requests.
//! Reading takes any letters' case in names and does without `schemas`; writing is the RFC's.

mod bulk;
mod bulk_ids;
mod list;
mod patch_op;
mod search;

pub use bulk::{BulkOperation, BulkRequest, BulkResult, Method, bulk_response};
pub use bulk_ids::{resolve_bulk_ids, unresolved};
pub use list::ListResponse;
pub use patch_op::{Op, Operation, PatchOp};
pub use search::SearchRequest;

use serde_json::{Map, Value};

use crate::error::Error;

/// The object in a body.
fn object(body: &[u8], what: &str) -> Result<Map<String, Value>, Error> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Error::invalid_syntax(format!("the body must be a {what} object"))),
        Err(e) => Err(Error::invalid_syntax(format!("the body is no JSON ({e}): send a {what} object"))),
    }
}

/// Takes the member of this name, letters' case aside.
fn take(members: &mut Map<String, Value>, name: &str) -> Option<Value> {
    let name = crate::schema::member_name(members, name)?;
    members.remove(&name)
}

/// Whether `schemas`, where it is there, names this message.
fn check_schemas(members: &Map<String, Value>, urn: &str) -> Result<(), Error> {
    let Some(Value::Array(named)) = crate::schema::member(members, "schemas") else { return Ok(()) };
    if named.is_empty() || named.iter().any(|v| v.as_str().is_some_and(|s| s.eq_ignore_ascii_case(urn))) {
        return Ok(());
    }
    Err(Error::invalid_syntax(format!("schemas must name {urn}")))
}
