//! Ordering resources (RFC 7644 section 3.4.2.3): by the primary value of a list, else its first; without regard to
//! case unless the schema says so; those without a value last.

use std::cmp::Ordering;

use serde_json::Value;

use crate::filter::time;
use crate::path::AttributePath;
use crate::resource::Resource;
use crate::schema::{Definition, Kind, member};

/// Orders resources; equal ones by id, so that pages do not overlap.
pub fn sort(resources: &mut [Resource], by: &AttributePath, descending: bool, definition: &Definition) {
    resources.sort_by(|a, b| by_attribute(a, b, by, descending, definition).then_with(|| a.id().cmp(&b.id())));
}

/// How two resources are ordered by an attribute.
#[must_use]
pub fn by_attribute(
    a: &Resource,
    b: &Resource,
    by: &AttributePath,
    descending: bool,
    definition: &Definition,
) -> Ordering {
    let order = match (value(a, by, definition), value(b, by, definition)) {
        (None, None) => return Ordering::Equal,
        // Last, whichever way round.
        (None, Some(_)) => return Ordering::Greater,
        (Some(_), None) => return Ordering::Less,
        (Some(a), Some(b)) => ordered(a, b, by, definition),
    };
    if descending { order.reverse() } else { order }
}

fn value<'r>(resource: &'r Resource, by: &AttributePath, definition: &Definition) -> Option<&'r Value> {
    let chosen = match definition.attribute_of(&resource.0, by)? {
        Value::Array(items) => {
            items.iter().find(|v| v.get("primary") == Some(&Value::Bool(true))).or_else(|| items.first())?
        }
        one => one,
    };
    match (chosen, &by.sub) {
        (Value::Object(members), Some(sub)) => member(members, sub),
        (Value::Object(members), None) => members.get("value"),
        (simple, _) => Some(simple),
    }
    .filter(|v| !v.is_null())
}

fn ordered(a: &Value, b: &Value, by: &AttributePath, definition: &Definition) -> Ordering {
    let leaf = definition.locate(by).map(|l| l.leaf());
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::String(a), Value::String(b)) => match leaf {
            Some(leaf) if leaf.kind == Kind::DateTime => time(a).cmp(&time(b)),
            Some(leaf) if leaf.case_exact => a.cmp(b),
            _ => a.to_lowercase().cmp(&b.to_lowercase()),
        },
        _ => Ordering::Equal,
    }
}
