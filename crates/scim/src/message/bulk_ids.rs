//! What the operations of a bulk request call each other (RFC 7644 section 3.7.2): `bulkId:NAME`, in a path or anywhere in
//! a body, stands for the id of what the operation of that name makes.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::BulkOperation;
use crate::error::{Error, shown};

/// How a name is referred to.
const REFERENCE: &str = "bulkId:";
/// Names of a circle that are told.
const CIRCLE_SHOWN: usize = 5;

/// The first name in this operation that nothing was made under yet.
fn missing_bulk_id<'o>(operation: &'o BulkOperation, made: &HashMap<String, String>) -> Option<&'o str> {
    let in_path = operation.path.split_once(REFERENCE).map(|(_, name)| name).filter(|name| !made.contains_key(*name));
    in_path.or_else(|| operation.data.as_ref().and_then(|data| missing(data, made)))
}

/// A body's depth is bounded by the JSON reader (128).
fn missing<'v>(value: &'v Value, made: &HashMap<String, String>) -> Option<&'v str> {
    match value {
        Value::String(text) => text.strip_prefix(REFERENCE).filter(|name| !made.contains_key(*name)),
        Value::Array(items) => items.iter().find_map(|v| missing(v, made)),
        Value::Object(members) => members.values().find_map(|v| missing(v, made)),
        _ => None,
    }
}

/// Puts ids in the place of `bulkId:NAME`, in the path and anywhere in the body.
///
/// # Errors
/// The name that nothing was made under yet; the caller defers the operation or, at the end, answers [`unresolved`].
pub fn resolve_bulk_ids(operation: &BulkOperation, made: &HashMap<String, String>) -> Result<BulkOperation, String> {
    if let Some(name) = missing_bulk_id(operation, made) {
        return Err(name.to_owned());
    }
    let mut out = operation.clone();
    if let Some((before, id)) = operation.path.split_once(REFERENCE).and_then(|(b, name)| Some((b, made.get(name)?))) {
        out.path = format!("{before}{id}");
    }
    if let Some(data) = &mut out.data {
        resolve(data, made);
    }
    Ok(out)
}

fn resolve(value: &mut Value, made: &HashMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(id) = text.strip_prefix(REFERENCE).and_then(|name| made.get(name)) {
                text.clone_from(id);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|v| resolve(v, made)),
        Value::Object(members) => members.values_mut().for_each(|v| resolve(v, made)),
        _ => {}
    }
}

/// Why each of the operations that are left at the end, of which none can be resolved, is not done: 409 (RFC 7644 section
/// 3.7.1), which no `scimType` goes with. `names` are all bulkIds of the request.
#[must_use]
pub fn unresolved(left: &[&BulkOperation], names: &HashSet<String>, made: &HashMap<String, String>) -> Vec<Error> {
    let wanted: Vec<&str> = left.iter().map(|o| missing_bulk_id(o, made).unwrap_or_default()).collect();
    let named = left.iter().zip(&wanted).filter_map(|(o, wanted)| Some((o.bulk_id.as_deref()?, *wanted)));
    let waits: HashMap<&str, &str> = named.collect();
    wanted.into_iter().map(|name| Error::status(409, reason(name, &waits, names))).collect()
}

/// Follows the references from a name to where they end, or to where they were before.
fn reason(name: &str, waits: &HashMap<&str, &str>, names: &HashSet<String>) -> String {
    let (mut passed, mut places, mut last) = (Vec::new(), HashMap::new(), name);
    while let Some(next) = waits.get(last) {
        if let Some(place) = places.insert(last, passed.len()) {
            return circular(passed.get(place..).unwrap_or_default());
        }
        passed.push(last);
        last = next;
    }
    let through = if passed.is_empty() { String::new() } else { format!(", which waits for {:?}", shown(last)) };
    let why = if names.contains(last) { "its operation made nothing" } else { "no operation of this request has it" };
    format!("nothing was made under the bulkId {:?}{through}: {why}", shown(name))
}

fn circular(names: &[&str]) -> String {
    let mut told: Vec<String> = names.iter().take(CIRCLE_SHOWN).map(|name| format!("{:?}", shown(name))).collect();
    if names.len() > CIRCLE_SHOWN {
        told.push("…".into());
    }
    told.extend(told.first().cloned());
    let circle = told.join(" refers to ");
    format!("the references are circular: {circle}; make one of them without the reference, and add it by a PATCH")
}
