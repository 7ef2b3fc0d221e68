//! Making a value fit its attribute, as far as what senders mean is plain: truths and numbers written as texts, a
//! single value where a list belongs and the reverse, `{"value": x}` where x belongs and the reverse, `null` and empty
//! lists for "unassigned" (RFC 7643 section 2.5).

use serde_json::{Map, Number, Value};

use super::read::{Reading, Unknown};
use crate::error::Error;
use crate::limits::{TEXT_BYTES_MAX, values_max};
use crate::schema::{Attribute, Kind, Mutability};

/// The value as the attribute has it; `None` when it is unassigned.
///
/// # Errors
/// `invalidValue`, naming the attribute.
pub(crate) fn value(attribute: &Attribute, value: Value, reading: Reading, path: &str) -> Result<Option<Value>, Error> {
    if !attribute.multi_valued {
        return one(attribute, value, reading, path);
    }
    let items = match value {
        Value::Null => return Ok(None),
        Value::Array(items) => items,
        single => vec![single],
    };
    let max = values_max(attribute);
    if items.len() > max {
        return Err(Error::invalid_value(format!("{path}: at most {max} values")));
    }
    let mut out = Vec::with_capacity(items.len());
    for item in items {
        match one(attribute, item, reading, path)? {
            Some(item) => out.push(item),
            // Passed over, a group would lose those whom its sender meant to name.
            None if attribute.name == "members" && reading.refuse_doubtful => {
                return Err(Error::invalid_value(format!("{path}.value is required: the member's id")));
            }
            None => {}
        }
    }
    let primaries = out.iter().filter(|v| v.get("primary") == Some(&Value::Bool(true))).count();
    if primaries > 1 && reading.refuse_doubtful {
        return Err(Error::invalid_value(format!("{path}: at most one value may be primary")));
    }
    Ok(if out.is_empty() { None } else { Some(Value::Array(out)) })
}

/// One value.
pub(super) fn one(attribute: &Attribute, value: Value, reading: Reading, path: &str) -> Result<Option<Value>, Error> {
    let wrong = |shape: &str| {
        Err(Error::invalid_value(format!("{path}: {shape} was sent; it must be {}", attribute.kind.described())))
    };
    match (attribute.kind, value) {
        (_, Value::Null) => Ok(None),
        (Kind::Complex, Value::Object(members)) => complex(attribute, members, reading, path),
        (_, Value::Array(items)) => match <[Value; 1]>::try_from(items) {
            Ok([item]) if !item.is_array() => one(attribute, item, reading, path),
            Ok(_) => wrong("a list of lists"),
            Err(items) if items.is_empty() => Ok(None),
            Err(_) => wrong("a list"),
        },
        // The bare value of something that has further parts: a manager's id, an e-mail address.
        (Kind::Complex, bare) => match attribute.sub("value") {
            Some(part) if bare != Value::String(String::new()) => {
                let value = one(part, bare, reading, &format!("{path}.value"))?;
                Ok(value.map(|v| Value::Object(Map::from_iter([("value".to_owned(), v)]))))
            }
            Some(_) => Ok(None),
            None => wrong("a bare value"),
        },
        (_, Value::Object(mut members)) => {
            match crate::schema::member_name(&members, "value").and_then(|n| members.remove(&n)) {
                Some(Value::Object(_)) | None => wrong("an object"),
                Some(wrapped) => one(attribute, wrapped, reading, path),
            }
        }
        (Kind::Boolean, value) => truth(&value).map_or_else(|| wrong(&shape(&value)), |t| Ok(Some(Value::Bool(t)))),
        (Kind::Integer, value) => match number(&value) {
            Some(number) if number.is_i64() || number.is_u64() => Ok(Some(Value::Number(number))),
            _ => wrong(&shape(&value)),
        },
        (Kind::Decimal, value) => number(&value).map_or_else(|| wrong(&shape(&value)), |n| Ok(Some(Value::Number(n)))),
        (Kind::DateTime, Value::String(text)) if !is_time(&text) => wrong("a text that is no time"),
        (_, Value::String(text)) if text.len() > TEXT_BYTES_MAX => {
            Err(Error::invalid_value(format!("{path}: at most {TEXT_BYTES_MAX} bytes")))
        }
        (_, Value::String(text)) if text.contains('\0') => {
            Err(Error::invalid_value(format!("{path}: the character U+0000 cannot be stored: remove it")))
        }
        (_, Value::String(text)) => Ok(Some(Value::String(text))),
        // An employee number without its quotes.
        (Kind::String | Kind::Reference, Value::Number(number)) => Ok(Some(Value::String(number.to_string()))),
        (Kind::String | Kind::Reference, Value::Bool(truth)) => Ok(Some(Value::String(truth.to_string()))),
        (_, value) => wrong(&shape(&value)),
    }
}

/// The parts of a complex value; `None` when none is left.
fn complex(
    attribute: &Attribute,
    members: Map<String, Value>,
    reading: Reading,
    path: &str,
) -> Result<Option<Value>, Error> {
    let mut out = Map::new();
    for (name, value) in members {
        let Some(part) = attribute.sub(&name) else {
            if reading.unknown == Unknown::Keep && !value.is_null() {
                out.insert(name, value);
            }
            continue;
        };
        if reading.drop_read_only && part.mutability == Mutability::ReadOnly {
            continue;
        }
        if let Some(value) = super::coerced(part, value, reading, &format!("{path}.{}", part.name))?
            && out.insert(part.name.clone(), value).is_some()
        {
            return Err(Error::invalid_syntax(format!("{path}.{} is there twice", part.name)));
        }
    }
    Ok(if out.is_empty() { None } else { Some(Value::Object(out)) })
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) if text.trim().eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.trim().eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => serde_json::from_str(text.trim()).ok(),
        _ => None,
    }
}

fn is_time(text: &str) -> bool {
    crate::filter::time(text).is_some()
}

fn shape(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{:?}", text.chars().take(50).collect::<String>()),
        Value::Array(_) => "a list".into(),
        Value::Object(_) => "an object".into(),
        other => other.to_string(),
    }
}
