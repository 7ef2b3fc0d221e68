//! The OpenAPI document itself: whole, unambiguous and typed.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::harness::document::DOCUMENT;

/// Calls `visit` with every object of a value.
fn walk<'v>(value: &'v Value, visit: &mut impl FnMut(&'v serde_json::Map<String, Value>)) {
    match value {
        Value::Object(members) => {
            visit(members);
            members.values().for_each(|inner| walk(inner, visit));
        }
        Value::Array(entries) => entries.iter().for_each(|inner| walk(inner, visit)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere() {
    walk(&DOCUMENT, &mut |object| {
        if let Some(reference) = object.get("$ref").and_then(Value::as_str) {
            assert!(DOCUMENT.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
        }
    });
}

#[test]
fn every_operation_has_a_name_of_its_own_and_typed_refusals() {
    let mut names = BTreeSet::new();
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for operation in ["get", "put", "post", "delete"].iter().filter_map(|m| item.get(m)) {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name), "{name} is there twice");
            for status in ["400", "401", "403", "404"] {
                let schema = &operation["responses"][status]["content"]["application/json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/ErrorBody", "{path} {status}");
            }
            for (status, response) in operation["responses"].as_object().unwrap() {
                assert_ne!(response["description"], "", "{path} {status}");
            }
        }
    }
}

#[test]
fn every_schema_has_a_type() {
    let says = ["type", "$ref", "oneOf", "anyOf", "allOf", "enum"];
    walk(&DOCUMENT, &mut |object| {
        for schema in object.get("properties").and_then(Value::as_object).into_iter().flat_map(|p| p.values()) {
            assert!(says.iter().any(|s| schema.get(s).is_some()), "untyped: {object:?}");
        }
        if let Some(schema) = object.get("schema") {
            assert!(says.iter().any(|s| schema.get(s).is_some()), "untyped: {object:?}");
        }
    });
}
