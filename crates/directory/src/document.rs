//! The JSON documents in which an object keeps what can be entered about it: laying a patch over one, what may stand in
//! it, and how two differ. Pure.

use std::collections::BTreeSet;

use muster_base::limits::{NAME_MAX, TEXT_MAX};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::FieldError;
use crate::user::profile::CustomAttribute;

/// How many entries each list of a document may have.
pub(crate) const LIST_MAX: usize = 100;

/// `document` with the members of `patch` laid over it: present ones replace (lists as a whole), `null` clears, absent
/// ones stay. Members that are not the document's are passed over, so that the API's own answer can be sent back to it
/// (JumpCloud's PUT).
///
/// # Errors
/// The field that is not of its type, by its path.
pub(crate) fn overlay<T: Serialize + DeserializeOwned + Default + PartialEq>(
    document: &T,
    patch: &Map<String, Value>,
) -> Result<T, Vec<FieldError>> {
    // Over an empty one nothing has to be laid.
    if !patch.values().any(Value::is_null)
        && *document == T::default()
        && let Ok(read) = T::deserialize(patch)
    {
        return Ok(read);
    }
    let mut whole = match serde_json::to_value(document) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    };
    for (name, value) in patch {
        if value.is_null() {
            whole.remove(name);
        } else {
            whole.insert(name.clone(), value.clone());
        }
    }
    let whole = Value::Object(whole);
    // Where it went wrong is worked out once something did.
    T::deserialize(&whole)
        .or_else(|_| serde_path_to_error::deserialize(&whole))
        .map_err(|e| vec![FieldError::new(e.path().to_string(), e.inner().to_string())])
}

/// Bounds every text and list inside a document; names the place.
pub(crate) fn text_problems<T: Serialize>(document: &T, out: &mut Vec<FieldError>) {
    if let Ok(Value::Object(members)) = serde_json::to_value(document) {
        for (name, value) in members.iter().filter(|(_, value)| !is_short(value)) {
            check_texts(name, value, out);
        }
    }
}

/// Whether what is laid over a document leaves nothing to bound in it, if there was nothing before.
pub(crate) fn are_short(patch: &Map<String, Value>) -> bool {
    patch.values().all(is_short)
}

/// Whether nothing in it needs a closer look: nearly always, and no path has to be spelt out for it.
fn is_short(value: &Value) -> bool {
    match value {
        Value::String(text) => text.len() <= TEXT_MAX && !text.contains('\0'),
        Value::Array(items) => items.len() <= LIST_MAX && items.iter().all(is_short),
        Value::Object(members) => members.values().all(is_short),
        _ => true,
    }
}

fn check_texts(path: &str, value: &Value, out: &mut Vec<FieldError>) {
    match value {
        Value::String(text) if text.contains('\0') => {
            out.push(FieldError::new(path, "the character U+0000 cannot be stored: remove it"));
        }
        Value::String(text)
            if path != "public_key" && !path.ends_with(".public_key") && text.chars().count() > TEXT_MAX =>
        {
            out.push(FieldError::new(path, format!("at most {TEXT_MAX} characters")));
        }
        Value::String(text) if text.len() > 16 * TEXT_MAX => {
            out.push(FieldError::new(path, format!("at most {} characters", 16 * TEXT_MAX)));
        }
        Value::Array(items) if items.len() > LIST_MAX => {
            out.push(FieldError::new(path, format!("at most {LIST_MAX} entries")));
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                check_texts(&format!("{path}[{i}]"), item, out);
            }
        }
        Value::Object(members) => {
            for (name, item) in members {
                check_texts(&format!("{path}.{name}"), item, out);
            }
        }
        _ => {}
    }
}

/// What is wrong with the names of custom attributes.
pub(crate) fn attribute_problems(attributes: &[CustomAttribute], out: &mut Vec<FieldError>) {
    let mut names = BTreeSet::new();
    for (i, attribute) in attributes.iter().enumerate() {
        if attribute.name.trim().is_empty() {
            out.push(FieldError::new(format!("attributes[{i}].name"), "give the attribute a name"));
        } else if attribute.name.chars().count() > NAME_MAX {
            out.push(FieldError::new(format!("attributes[{i}].name"), format!("at most {NAME_MAX} characters")));
        } else if !names.insert(attribute.name.as_str()) {
            let message = format!("the attribute \"{}\" is there twice: keep one", attribute.name);
            out.push(FieldError::new(format!("attributes[{i}].name"), message));
        }
    }
}

/// `{member: {from, to}}` of every member in which two documents differ.
pub(crate) fn differences<T: Serialize>(before: &T, after: &T) -> Map<String, Value> {
    let mut fields = Map::new();
    if let (Value::Object(from), Value::Object(to)) = (json!(before), json!(after)) {
        for name in from.keys().chain(to.keys().filter(|n| !from.contains_key(*n))) {
            let (from, to) = (from.get(name), to.get(name));
            if from != to {
                note(&mut fields, name, from.cloned().unwrap_or_default(), to.cloned().unwrap_or_default());
            }
        }
    }
    fields
}

/// Adds `{name: {from, to}}` where the two differ.
pub(crate) fn note(fields: &mut Map<String, Value>, name: &str, from: Value, to: Value) {
    if from != to {
        fields.insert(name.to_owned(), json!({"from": from, "to": to}));
    }
}
