//! What of an object changes: three ways, between what the source says, what is here, and what was here when it was last
//! taken in. Pure.

use serde_json::{Map, Value};

/// What is to be done with an object's fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Merged {
    /// The fields that change, and what they become.
    pub patch: Map<String, Value>,
    /// The fields that differ and were changed here.
    pub kept: Vec<String>,
}

/// Whether a value says nothing.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn same(a: &Value, b: &Value) -> bool {
    a == b || (is_empty(a) && is_empty(b))
}

/// Merges. `base` is none for an object that was here before it was first taken in: then what the source leaves empty says
/// nothing, what is empty here is filled in, and what differs was chosen here.
pub(super) fn merge(
    wanted: &Map<String, Value>,
    is: &Map<String, Value>,
    base: Option<&Map<String, Value>>,
    overwrite: bool,
) -> Merged {
    let mut out = Merged::default();
    for (name, want) in wanted {
        let have = is.get(name).unwrap_or(&Value::Null);
        if same(want, have) {
            continue;
        }
        let had = base.and_then(|base| base.get(name));
        let by_hand = match had {
            Some(had) => !same(had, have),
            None if is_empty(want) => continue,
            None => !is_empty(have),
        };
        if by_hand && !overwrite {
            out.kept.push(name.clone());
        } else {
            out.patch.insert(name.clone(), want.clone());
        }
    }
    out
}

/// What is remembered of an object: how it is here, but for what was left since it was changed by hand.
pub(super) fn base_after(
    wanted: &Map<String, Value>,
    is: &Map<String, Value>,
    base: Option<&Map<String, Value>>,
    kept: &[String],
) -> Map<String, Value> {
    let mut out = Map::new();
    for name in wanted.keys() {
        let value = if kept.contains(name) {
            base.and_then(|b| b.get(name))
        } else {
            Some(is.get(name).unwrap_or(&Value::Null))
        };
        if let Some(value) = value {
            out.insert(name.clone(), value.clone());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn what_was_changed_by_hand_is_left() {
        let base = map(json!({"a": "1", "b": "1", "c": "1", "d": ""}));
        let is = map(json!({"a": "1", "b": "hand", "c": "2"}));
        let wanted = map(json!({"a": "2", "b": "2", "c": "2", "d": null}));
        let merged = merge(&wanted, &is, Some(&base), false);
        assert_eq!((Value::Object(merged.patch), merged.kept.clone()), (json!({"a": "2"}), vec!["b".to_owned()]));
        let after = base_after(&wanted, &map(json!({"a": "2", "b": "hand", "c": "2"})), Some(&base), &merged.kept);
        assert_eq!(Value::Object(after), json!({"a": "2", "b": "1", "c": "2", "d": null}));
        assert_eq!(Value::Object(merge(&wanted, &is, Some(&base), true).patch), json!({"a": "2", "b": "2"}));
    }

    #[test]
    fn of_what_was_here_before_only_the_empty_is_filled() {
        let is = map(json!({"a": "mine", "c": "mine"}));
        let wanted = map(json!({"a": "theirs", "b": "theirs", "c": ""}));
        let merged = merge(&wanted, &is, None, false);
        assert_eq!((Value::Object(merged.patch), merged.kept), (json!({"b": "theirs"}), vec!["a".to_owned()]));
        assert_eq!(Value::Object(merge(&wanted, &is, None, true).patch), json!({"a": "theirs", "b": "theirs"}));
    }
}
