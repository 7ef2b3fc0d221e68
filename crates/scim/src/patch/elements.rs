//! The values of a multi-valued attribute: which two are the same, adding, removing, and at most one primary
//! (RFC 7643 section 2.4, RFC 7644 section 3.5.2).

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::schema::Attribute;

/// What a value is told apart by: its `value`, or all of it.
fn identity(item: &Value, attribute: &Attribute) -> String {
    let (text, exact) = match item {
        Value::Object(members) => match members.get("value") {
            Some(value) => (value, attribute.sub("value").is_some_and(|a| a.case_exact)),
            None => return format!("={}", crate::resource::key(item)),
        },
        simple => (simple, attribute.case_exact),
    };
    let text = text.as_str().map_or_else(|| text.to_string(), str::to_owned);
    format!(":{}", if exact { text } else { text.to_lowercase() })
}

/// Whether two values of the same identity are one: their types do not differ.
fn is_one(a: &Value, b: &Value) -> bool {
    let kind = |v: &Value| v.get("type").and_then(Value::as_str).map(str::to_lowercase);
    match (kind(a), kind(b)) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    }
}

/// Adds values; one that is there already gets the parts that it has not. The places of what was added or changed.
pub(super) fn add(items: &mut Vec<Value>, given: Vec<Value>, attribute: &Attribute) -> Vec<usize> {
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, item) in items.iter().enumerate() {
        places.entry(identity(item, attribute)).or_default().push(index);
    }
    let mut touched = Vec::with_capacity(given.len());
    for new in given {
        let same = places.entry(identity(&new, attribute)).or_default();
        let there = same.iter().copied().find(|i| items.get(*i).is_some_and(|item| is_one(item, &new)));
        match (there.and_then(|i| Some((i, items.get_mut(i)?))), new) {
            (Some((index, Value::Object(members))), Value::Object(parts)) => {
                members.extend(parts);
                touched.push(index);
            }
            (Some(_), _) => {}
            (None, new) => {
                same.push(items.len());
                touched.push(items.len());
                items.push(new);
            }
        }
    }
    touched
}

/// Removes the values that are the same as one of these.
pub(super) fn remove(items: &mut Vec<Value>, given: &[Value], attribute: &Attribute) {
    let mut gone: HashMap<String, Vec<&Value>> = HashMap::new();
    for item in given {
        gone.entry(identity(item, attribute)).or_default().push(item);
    }
    items.retain(|item| {
        !gone.get(&identity(item, attribute)).is_some_and(|same| same.iter().any(|other| is_one(item, other)))
    });
}

/// Whether what is left of a value says nothing: no `value` where there should be one, or labels alone.
pub(crate) fn is_husk(members: &Map<String, Value>, attribute: &Attribute) -> bool {
    if attribute.has_value_part() {
        return !members.contains_key("value");
    }
    members.keys().all(|name| matches!(name.as_str(), "type" | "primary" | "display"))
}

/// Leaves at most one primary value: the last that was touched, when one was.
pub(super) fn settle_primary(items: &mut [Value], touched: &[usize]) {
    let is_primary = |v: &Value| v.get("primary") == Some(&Value::Bool(true));
    if items.iter().filter(|v| is_primary(v)).count() < 2 {
        return;
    }
    let Some(keep) = touched.iter().copied().rfind(|i| items.get(*i).is_some_and(is_primary)) else {
        return;
    };
    let others: HashSet<usize> = (0..items.len()).filter(|i| *i != keep).collect();
    for index in others {
        if let Some(Value::Object(members)) = items.get_mut(index)
            && members.get("primary") == Some(&Value::Bool(true))
        {
            members.insert("primary".into(), Value::Bool(false));
        }
    }
}
