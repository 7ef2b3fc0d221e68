//! What holds of every answer of a source, whatever it says: asked by property tests, and by a target in `fuzz/`. Not in a
//! server.

use muster_directory::migration::Kind;
use serde_json::Value;

use super::client::{Pages, base_url, row_id};
use super::shape::{self, Shaped};

/// A document is at most this many times what was read for it: names and absent members are added, nothing is repeated.
const TIMES: usize = 8;
const BESIDES: usize = 16 * 1024;

/// Whatever an object is said to be.
///
/// # Panics
/// Where it does not hold.
pub fn object(object: &Value, other: &Value) {
    let length = object.to_string().len() + other.to_string().len();
    let mut all: Vec<Shaped> = shape::person(object).unwrap_or_default();
    for kind in [Kind::UserGroup, Kind::SystemGroup] {
        all.extend(shape::group(object, kind).unwrap_or_default());
    }
    let exempt = shape::exempt(object).len();
    assert!(exempt <= length, "one entry each");
    let _ = (shape::is_automated(object), shape::label(object), row_id(object));
    for sso in [None, Some(other)] {
        match shape::application(object, sso) {
            Some(Ok(shaped)) => all.push(shaped),
            Some(Err(why)) => assert!(why.len() <= length * TIMES + BESIDES),
            None => {}
        }
    }
    for shaped in all {
        assert_eq!(Some(shaped.remote_id.as_str()), row_id(object));
        assert!(shaped.doc.to_string().len() <= length * TIMES + BESIDES, "{}", shaped.doc);
    }
}

/// Answers to one list, in their order: it ends, or goes on with rows that were in them.
///
/// # Panics
/// Where it does not hold.
pub fn pages(answers: &[Value]) {
    let mut pages = Pages::new("/api/systemusers");
    for answer in answers {
        if pages.is_done() {
            return;
        }
        match pages.answered("/api/systemusers", answer.clone(), None) {
            Ok(Some(rows)) => {
                let there = answer.as_array().or_else(|| answer.get("results")?.as_array()).map_or(0, Vec::len);
                assert!(rows.len() <= there);
                assert!(pages.is_done() || !rows.is_empty(), "what goes on brings something");
            }
            Ok(None) => assert!(!pages.is_done()),
            Err(trouble) => assert!(trouble.words().starts_with("/api/systemusers")),
        }
    }
}

/// An address as it is entered.
///
/// # Panics
/// Where it does not hold.
pub fn address(text: &str) {
    let once = base_url(Some(text));
    assert!(!once.ends_with('/'));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn any_json() -> impl Strategy<Value = Value> {
        let names = [
            "_id",
            "id",
            "to",
            "type",
            "name",
            "username",
            "email",
            "state",
            "suspended",
            "manager",
            "attributes",
            "value",
            "ssh_keys",
            "public_key",
            "recoveryEmail",
            "address",
            "addresses",
            "phoneNumbers",
            "memberQuery",
            "filters",
            "memberQueryExemptions",
            "membershipMethod",
            "membershipAutomated",
            "sso",
            "config",
            "acsUrl",
            "spEntityId",
            "includeGroups",
            "groupsAttributeName",
            "databaseAttributes",
            "constantAttributes",
            "displayLabel",
            "active",
            "results",
            "totalCount",
            "sudo",
            "radius",
            "oidc",
            "redirectUris",
            "grantTypes",
            "signatureAlgorithm",
        ];
        let words = vec![
            "5f0000000000000000000001",
            "DYNAMIC_AUTOMATED",
            "oidc",
            "saml",
            "jumpcloud_oidc",
            "\u{0}",
            "https://x",
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "\\PC{0,12}".prop_map(Value::from),
            proptest::sample::select(words).prop_map(Value::from),
        ];
        leaf.prop_recursive(6, 64, 8, move |inner| {
            let name = proptest::sample::select(names.to_vec());
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                proptest::collection::btree_map(name, inner, 0..8).prop_map(|members| json!(members)),
            ]
        })
    }

    /// An object with an id and one that could be an application: what any JSON hardly ever is.
    fn an_object() -> impl Strategy<Value = Value> {
        let name = proptest::sample::select(vec!["jumpcloud_oidc", "custom-saml", "salesforce", "oidc", "saml"]);
        (any_json(), any_json(), any_json(), name).prop_map(|(any, config, list, name)| {
            let mut out = any.as_object().cloned().unwrap_or_default();
            out.insert("_id".into(), json!("5f0000000000000000000001"));
            out.entry("name").or_insert(json!(name));
            out.entry("attributes").or_insert(list.clone());
            out.entry("memberQueryExemptions").or_insert(list);
            out.entry("config").or_insert(json!({
                "acsUrl": {"value": config}, "spEntityId": {"value": "x"}, "databaseAttributes": config,
                "includeGroups": {"value": true}, "groupsAttributeName": {"value": config},
            }));
            Value::Object(out)
        })
    }

    proptest! {
        #[test]
        fn objects_may_be_any_json(of in prop_oneof![any_json().boxed(), an_object().boxed()], other in any_json()) {
            object(&of, &other);
        }

        #[test]
        fn lists_may_answer_anything_in_any_order(
            answers in proptest::collection::vec(prop_oneof![
                any_json().boxed(),
                proptest::collection::vec(an_object(), 0..3).prop_map(Value::from).boxed(),
                proptest::collection::vec(an_object(), 0..3).prop_map(|rows| json!({"results": rows, "totalCount": 9})).boxed(),
            ], 0..8),
        ) {
            pages(&answers);
        }

        #[test]
        fn addresses_may_be_any_text(text in "(https?://)?[a-z./]{0,12}(/api|/v2|/| ){0,4}") {
            address(&text);
        }
    }
}
