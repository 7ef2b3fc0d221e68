//! Holds answers against the OpenAPI document: the operation exists, the status is one of its own, the body has its
//! schema. Reads the part of JSON Schema that the document uses.

use std::sync::LazyLock;

use serde_json::Value;

use super::Answer;

/// The document.
pub static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(muster_admin::openapi()).unwrap());

/// The operation that answers a request, and its path with the places of ids.
pub fn operation(method: &str, path: &str) -> Option<(&'static String, &'static Value)> {
    let path = path.split('?').next().unwrap();
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |template: &str| {
        let places: Vec<&str> = template.split('/').collect();
        places.len() == parts.len() && places.iter().zip(&parts).all(|(p, x)| p.starts_with('{') || p == x)
    };
    let mut found: Vec<_> = DOCUMENT["paths"].as_object().unwrap().iter().filter(|(t, _)| fits(t)).collect();
    // A fixed name goes before a place.
    found.sort_by_key(|(t, _)| t.matches('{').count());
    let (template, item) = found.first()?;
    item.get(method.to_lowercase()).map(|o| (*template, o))
}

/// Holds an answer against the document.
pub fn check(method: &str, path: &str, answer: &Answer) {
    if !path.starts_with("/api/") {
        return;
    }
    let Some((_, operation)) = operation(method, path) else {
        assert!(matches!(answer.status.as_u16(), 404 | 405), "{method} {path} answers and is not in the document");
        return;
    };
    let status = answer.status.as_u16().to_string();
    let response = operation["responses"].get(&status);
    let response = response.unwrap_or_else(|| panic!("{method} {path}: {status} is not in the document"));
    // What is no JSON is not looked into.
    let kinds = response.get("content").and_then(Value::as_object);
    if kinds.is_some_and(|kinds| !kinds.is_empty() && !kinds.contains_key("application/json")) {
        return;
    }
    let Some(schema) = response.pointer("/content/application~1json/schema") else {
        assert!(answer.bytes.is_empty(), "{method} {path}: {status} has a body that is not in the document");
        return;
    };
    let problems = problems(schema, &answer.body, "$");
    assert!(problems.is_empty(), "{method} {path} {status}: {problems:?} in {}", answer.body);
}

/// Where a value is not as the schema says.
pub fn problems(schema: &Value, value: &Value, at: &str) -> Vec<String> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = DOCUMENT.pointer(reference.trim_start_matches('#')).unwrap_or_else(|| panic!("no {reference}"));
        return problems(target, value, at);
    }
    let mut out = Vec::new();
    for one in ["oneOf", "anyOf"] {
        if let Some(choices) = schema.get(one).and_then(Value::as_array)
            && !choices.iter().any(|c| problems(c, value, at).is_empty())
        {
            out.push(format!("{at}: none of {one}"));
        }
    }
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        out.extend(problems(part, value, at));
    }
    if let Some(types) = schema.get("type") {
        let types: Vec<&str> = types.as_array().map_or_else(
            || types.as_str().into_iter().collect(),
            |list| list.iter().filter_map(Value::as_str).collect(),
        );
        if !types.iter().any(|t| is(t, value)) {
            out.push(format!("{at}: not {types:?}"));
        }
    }
    if let Some(allowed) = schema.get("enum").and_then(Value::as_array)
        && !allowed.contains(value)
    {
        out.push(format!("{at}: not one of {allowed:?}"));
    }
    if let Value::Object(members) = value {
        for name in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
            let name = name.as_str().unwrap();
            if !members.contains_key(name) {
                out.push(format!("{at}.{name}: missing"));
            }
        }
        for (name, inner) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            if let Some(member) = members.get(name) {
                out.extend(problems(inner, member, &format!("{at}.{name}")));
            }
        }
    }
    if let (Value::Array(entries), Some(inner)) = (value, schema.get("items")) {
        for (i, entry) in entries.iter().enumerate() {
            out.extend(problems(inner, entry, &format!("{at}[{i}]")));
        }
    }
    out
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        other => panic!("unknown type {other}"),
    }
}
