//! Whether two values say the same: the order of attributes and of lists' values does not count (RFC 7643 section 2.4).

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::Resource;

/// Whether the two resources say the same.
#[must_use]
pub fn same(a: &Resource, b: &Resource) -> bool {
    same_members(&a.0, &b.0)
}

fn same_members(a: &Map<String, Value>, b: &Map<String, Value>) -> bool {
    a.len() == b.len() && a.iter().all(|(name, value)| b.get(name).is_some_and(|other| same_value(value, other)))
}

/// Whether the two values say the same.
#[must_use]
pub fn same_value(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && (a == b || ordered(a) == ordered(b)),
        (Value::Object(a), Value::Object(b)) => same_members(a, b),
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (a, b) => a == b,
    }
}

/// How often each value is there, by its text with sorted members.
fn ordered(items: &[Value]) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for item in items {
        *counts.entry(key(item)).or_insert(0) += 1;
    }
    counts
}

/// A text that is equal for values that say the same.
pub(crate) fn key(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut parts: Vec<_> = members.iter().map(|(n, v)| format!("{n:?}:{}", key(v))).collect();
            parts.sort_unstable();
            format!("{{{}}}", parts.join(","))
        }
        Value::Array(items) => {
            let mut parts: Vec<_> = items.iter().map(key).collect();
            parts.sort_unstable();
            format!("[{}]", parts.join(","))
        }
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (None, Some(float)) if float.fract() == 0.0 && float.abs() < 9e15 => format!("{float:.0}"),
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}
