//! What holds of every answer of a source, whatever it says: asked by property tests, and by the targets in `fuzz/`. Not in a
//! server.

use muster_base::Secret;
use muster_directory::feed::{Ldap, LdapFlavor};

use crate::found::{Draft, Found};
use crate::google::hostile as google;
use crate::ldap::hostile as ldap;

/// An answer of an LDAP server, as it comes over the wire.
///
/// # Panics
/// Where it does not hold.
pub fn ldap_answer(bytes: &[u8]) {
    let messages = ldap::messages(bytes, bytes.len().max(1));
    assert_eq!(messages, ldap::messages(bytes, 3), "how it is cut on the way does not matter");
    for bytes in messages.iter().flatten() {
        ldap::message(bytes, &mut |draft| person(draft));
    }
}

/// A filter as an administrator writes it.
///
/// # Panics
/// Where it does not hold.
pub fn ldap_filter(text: &str) {
    ldap::filter(text);
}

/// A DN.
///
/// # Panics
/// Where it does not hold.
pub fn ldap_dn(text: &str) {
    ldap::dn(text);
}

/// An answer of Google.
///
/// # Panics
/// Where it does not hold.
pub fn google_answer(body: &[u8]) {
    google::answer(body, &mut |draft| person(draft));
    if let Ok(text) = std::str::from_utf8(body) {
        google::key(&Secret::new(text.to_owned()));
    }
}

/// What is made of a person is bounded and can be stored, whatever was read.
fn person(draft: Draft) {
    let mut found = Found::default();
    found.person(draft.clone());
    assert_eq!(found.people.len() + found.refused.len(), 1, "everybody is told of");
    let Some(person) = found.people.pop() else { return };
    assert_eq!(Some(&person.read), draft.person().ok().map(|again| again.read).as_ref(), "the same is the same");
    assert!(!person.external_id.is_empty() && !person.external_id.contains('\0') && !person.feed.username.is_empty());
    for value in person.feed.profile.values().filter_map(serde_json::Value::as_str) {
        assert!(value.chars().count() <= 1_000 && !value.chars().any(char::is_control));
    }
}

pub(crate) fn every_flavor() -> Vec<Ldap> {
    let of = |flavor| Ldap { flavor, ..Ldap::default() };
    [LdapFlavor::OpenLdap, LdapFlavor::Ds389, LdapFlavor::ActiveDirectory].map(of).into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    /// Elements in elements, with lengths that are right: what any bytes hardly ever are.
    fn element() -> impl Strategy<Value = Vec<u8>> {
        let tag = proptest::sample::select(vec![2_u8, 4, 10, 0x30, 0x31, 0x61, 0x64, 0x65, 0x78, 0xa0, 0xa3]);
        let text = proptest::sample::select(vec![
            "mail",
            "uid",
            "entryUUID",
            "objectGUID",
            "userAccountControl",
            "1.2.840.113556.1.4.319",
            "a@b.c",
            "\u{0}",
            "7",
        ]);
        let leaf = prop_oneof![
            text.prop_map(|t| super::ldap::element(4, t.as_bytes())),
            (tag.clone(), proptest::collection::vec(any::<u8>(), 0..17)).prop_map(|(t, b)| super::ldap::element(t, &b)),
        ];
        leaf.prop_recursive(5, 64, 6, move |inner| {
            (tag.clone(), proptest::collection::vec(inner, 0..6))
                .prop_map(|(t, b)| super::ldap::element(t, &b.concat()))
        })
    }

    /// An entry such as a server tells, with anything for its values.
    fn entry() -> impl Strategy<Value = Vec<u8>> {
        let names =
            ["uid", "mail", "entryUUID", "nsUniqueId", "objectGUID", "userAccountControl", "sn", "mobile", "manager"];
        let value = prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..20),
            proptest::collection::vec(any::<u8>(), 16),
            "\\PC{0,40}".prop_map(String::into_bytes),
        ];
        let attribute = (proptest::sample::select(names.to_vec()), proptest::collection::vec(value, 0..3));
        ("\\PC{0,40}", proptest::collection::vec(attribute, 0..8)).prop_map(|(dn, attributes)| {
            let of: Vec<(String, Vec<Vec<u8>>)> = attributes.into_iter().map(|(n, v)| (n.to_owned(), v)).collect();
            super::ldap::entry(&dn, &of)
        })
    }

    fn json_value() -> impl Strategy<Value = Value> {
        let names = [
            "users",
            "groups",
            "members",
            "nextPageToken",
            "id",
            "primaryEmail",
            "aliases",
            "name",
            "givenName",
            "type",
            "suspended",
            "organizations",
            "primary",
            "phones",
            "relations",
            "externalIds",
            "value",
            "error",
            "errors",
            "reason",
            "message",
            "kind",
            "client_email",
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "\\PC{0,12}".prop_map(Value::from),
            proptest::sample::select(vec!["a@b.c", "manager", "work", "organization", "CUSTOMER", "\u{0}"])
                .prop_map(Value::from),
        ];
        leaf.prop_recursive(6, 64, 6, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                proptest::collection::btree_map(proptest::sample::select(names.to_vec()), inner, 0..6)
                    .prop_map(|m| json!(m)),
            ]
        })
    }

    /// A person such as Google tells, with anything for its texts.
    fn google_user() -> impl Strategy<Value = Value> {
        ("\\PC{0,30}", "\\PC{0,30}", any::<bool>(), "\\PC{0,30}", "[ -~]{0,2000}").prop_map(|(id, mail, out, name, title)| {
            json!({
                "id": id, "primaryEmail": mail, "aliases": [name, "a@b.c"], "suspended": out,
                "name": {"givenName": name, "familyName": mail}, "organizations": [{"title": title, "primary": out}],
                "phones": [{"type": "work", "value": title}], "relations": [{"type": "manager", "value": mail}],
                "externalIds": [{"type": "organization", "value": id}],
            })
        })
    }

    fn filter() -> impl Strategy<Value = String> {
        let item = prop_oneof![
            "\\([a-zA-Z;.-]{1,8}(=|>=|<=|~=)[a-z*\\\\0-9 ]{0,8}\\)",
            "\\([a-zA-Z]{0,4}(:dn)?(:1\\.2)?:=[a-z]{0,4}\\)",
            "\\PC{0,12}",
        ];
        item.prop_recursive(6, 32, 4, |inner| {
            (proptest::sample::select(vec!["&", "|", "!"]), proptest::collection::vec(inner, 0..4))
                .prop_map(|(sign, parts)| format!("({sign}{})", parts.concat()))
        })
    }

    proptest! {
        #[test]
        fn ldap_servers_may_answer_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            super::ldap_answer(&bytes);
        }

        #[test]
        fn ldap_servers_may_answer_any_elements(parts in proptest::collection::vec(element(), 0..4)) {
            super::ldap_answer(&super::ldap::element(0x30, &parts.concat()));
            super::ldap_answer(&parts.concat());
        }

        #[test]
        fn ldap_entries_are_read_as_they_were_written(bytes in entry()) {
            super::ldap_answer(&bytes);
        }

        #[test]
        fn ldap_filters_may_be_any_text(text in prop_oneof!["\\PC{0,40}".boxed(), filter().boxed()]) {
            super::ldap_filter(&text);
        }

        #[test]
        fn names_of_entries_may_be_any_text(text in prop_oneof!["\\PC{0,40}", "([a-zA-Z =,+\\\\]){0,20}"]) {
            super::ldap_dn(&text);
        }

        #[test]
        fn google_may_answer_any_json(value in json_value(), noise in proptest::collection::vec(any::<u8>(), 0..40)) {
            super::google_answer(value.to_string().as_bytes());
            super::google_answer(&noise);
        }

        #[test]
        fn google_may_say_anything_of_people(users in proptest::collection::vec(google_user(), 0..4)) {
            super::google_answer(json!({"users": users}).to_string().as_bytes());
        }
    }
}
