use std::collections::BTreeMap;

use muster_scim::mapping::{Mapping, Purpose, Rule, Source, Vocabulary, When, group, user};
use muster_scim::{Definition, Resource};
use serde_json::{Value, json};

use super::users;

fn person(fields: &[(&str, &str)]) -> BTreeMap<String, String> {
    fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
}

fn ana() -> BTreeMap<String, String> {
    person(&[
        ("id", "65f0"),
        ("username", "ana"),
        ("email", "ana@acme.example"),
        ("firstname", "Ana"),
        ("lastname", "Lovelace"),
        ("jobTitle", "Engineer"),
        ("department", "Research"),
        ("company", "Acme"),
        ("manager.remoteId", "m-7"),
        ("phoneNumbers.mobile", "+49 170"),
        ("addresses.work.locality", "Berlin"),
        ("attributes.badge", "B7"),
        ("attributes.braces", "{lastname}"),
    ])
}

fn made(mapping: &Mapping, purpose: Purpose) -> Resource {
    user(mapping, &ana(), true, &users(), purpose).unwrap()
}

#[test]
fn the_default_mapping_makes_the_user_that_jumpcloud_sends() {
    let expected = json!({
        "userName": "ana",
        "externalId": "65f0",
        "name": { "givenName": "Ana", "familyName": "Lovelace" },
        "emails": [{ "type": "work", "value": "ana@acme.example", "primary": true }],
        "title": "Engineer",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "department": "Research", "organization": "Acme", "manager": { "value": "m-7" },
        },
        "phoneNumbers": [{ "type": "mobile", "value": "+49 170" }],
        "addresses": [{ "type": "work", "locality": "Berlin" }],
        "active": true,
    });
    let made = made(&Mapping::default(), Purpose::Create);
    assert_eq!(Value::from(made.clone()), expected);
    assert_eq!(users().read(made.clone().into(), muster_scim::Reading::OWN), Ok(made));
    assert!(Mapping::default().problems(&Definition::user(), &All).is_empty());
}

#[test]
fn a_field_without_a_value_is_not_sent_and_leaves_no_husk() {
    let nobody = person(&[("username", "bo"), ("email", ""), ("displayname", "")]);
    let made = user(&Mapping::default(), &nobody, false, &users(), Purpose::Update).unwrap();
    assert_eq!(Value::from(made), json!({ "userName": "bo", "active": false }));
}

#[test]
fn constants_templates_and_custom_attributes_are_sent() {
    let rules = vec![
        Rule::attribute("userName", "email"),
        Rule::constant("urn:acme:params:scim:hr.v1.2:User:shoeSize", json!(43)),
        Rule::attribute("urn:acme:params:scim:hr.v1.2:User:badge", "attributes.badge"),
        Rule {
            target: "displayName".into(),
            source: Source::Template("{firstname} {lastname}".into()),
            when: When::Always,
            condition: None,
        },
        Rule {
            target: "nickName".into(),
            source: Source::Template("{none}{nothing}".into()),
            when: When::Always,
            condition: None,
        },
        Rule {
            target: "title".into(),
            source: Source::Template("{attributes.braces}/{id}".into()),
            when: When::Always,
            condition: None,
        },
        Rule::attribute("userType", "jobTitle").only_at_creation(),
    ];
    let mapping = Mapping { rules };
    let made_new = made(&mapping, Purpose::Create);
    let expected = json!({
        "userName": "ana@acme.example", "displayName": "Ana Lovelace", "title": "{lastname}/65f0", "userType": "Engineer",
        "urn:acme:params:scim:hr.v1.2:User": { "shoeSize": "43", "badge": "B7" }, "active": true,
    });
    assert_eq!(Value::from(made_new), expected);
    assert_eq!(made(&mapping, Purpose::Update).text("userType"), None);
    let managed = |p| mapping.managed(p).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert!(managed(Purpose::Create).contains(&"userType".to_owned()));
    assert!(!managed(Purpose::Update).contains(&"userType".to_owned()));
    assert!(managed(Purpose::Update).contains(&"active".to_owned()));
    let stored = serde_json::to_value(&mapping).unwrap();
    assert_eq!(
        stored[1],
        json!({ "target": "urn:acme:params:scim:hr.v1.2:User:shoeSize", "constant": 43, "when": "always" })
    );
    assert_eq!(serde_json::from_value::<Mapping>(stored).unwrap(), mapping);
}

#[test]
fn of_the_lines_of_one_target_the_first_counts_whose_condition_holds() {
    let rules = vec![
        Rule::attribute("userName", "username"),
        Rule::constant("userType", json!("Boss")).only_if("jobTitle"),
        Rule::attribute("userType", "department").only_if("department"),
        Rule::constant("userType", json!("Staff")),
    ];
    let mapping = Mapping { rules };
    assert_eq!(mapping.problems(&Definition::user(), &All), []);
    for (fields, wanted) in [
        (&[("username", "bo"), ("jobTitle", "CEO"), ("department", "Top")][..], Some("Boss")),
        (&[("username", "bo"), ("department", "Sales")][..], Some("Sales")),
        // The line holds, and has no value: a later one does not speak in its place.
        (&[("username", "bo"), ("department", "")][..], None),
        (&[("username", "bo")][..], Some("Staff")),
    ] {
        let made = user(&mapping, &person(fields), true, &users(), Purpose::Create).unwrap();
        assert_eq!(made.text("userType"), wanted, "{fields:?}");
    }
}

/// Knows every field and condition.
struct All;

impl Vocabulary for All {
    fn knows(&self, _: &str) -> bool {
        true
    }

    fn judges(&self, _: &str) -> Result<(), String> {
        Ok(())
    }
}

/// Knows one field, and the condition that is named after it.
struct Email;

impl Vocabulary for Email {
    fn knows(&self, field: &str) -> bool {
        field == "email"
    }

    fn judges(&self, condition: &str) -> Result<(), String> {
        if condition == "email" { Ok(()) } else { Err("no such condition".into()) }
    }
}

#[test]
fn what_is_wrong_with_a_line_is_named_when_it_is_saved() {
    for (rule, words) in [
        (Rule::attribute("nonsense", "email"), "is not an attribute"),
        (Rule::attribute("emails[", "email"), "expected an attribute"),
        (Rule::attribute("id", "email"), "set by the application"),
        (Rule::attribute("groups", "email"), "set by the application"),
        (Rule::attribute("active", "email"), "set by Muster"),
        (Rule::attribute("password", "email"), "passwords"),
        (Rule::attribute("name", "email"), "map each of them"),
        (Rule::attribute("title", "salary"), "there is no field \"salary\""),
        (Rule::attribute("title[type eq \"x\"]", "email"), "has one value"),
        (Rule::attribute("emails[type ne \"x\"].value", "email"), "must say which value"),
        (Rule::constant("emails[type eq \"work\"].primary", json!("maybe")), "true or false"),
        (Rule::constant("title", json!(null)), "is empty"),
        (Rule::attribute("title", "email").only_if("nonsense"), "the condition: no such condition"),
        (
            Rule {
                target: "title".into(),
                source: Source::Template("{email".into()),
                when: When::Always,
                condition: None,
            },
            "without its }",
        ),
        (
            Rule {
                target: "title".into(),
                source: Source::Template("{pay}".into()),
                when: When::Always,
                condition: None,
            },
            "no field \"pay\"",
        ),
    ] {
        let target = rule.target.clone();
        let mapping = Mapping { rules: vec![Rule::attribute("userName", "email"), rule] };
        let problems = mapping.problems(&Definition::user(), &Email);
        assert_eq!(problems.len(), 1, "{target}: {problems:?}");
        assert!(problems[0].target == target && problems[0].message.contains(words), "{problems:?}");
    }
    let twice = Mapping { rules: vec![Rule::attribute("userName", "email"), Rule::attribute("USERNAME", "email")] };
    assert!(twice.problems(&Definition::user(), &Email)[0].message.contains("twice"));
    let rules = vec![Rule::attribute("userName", "email"), Rule::attribute("userName", "email").only_if("email")];
    assert!(Mapping { rules }.problems(&Definition::user(), &Email)[0].message.contains("never reached"));
    let none = Mapping { rules: Vec::new() };
    assert!(none.problems(&Definition::user(), &Email)[0].message.contains("is required"));
}

#[test]
fn a_person_that_cannot_be_mapped_is_told_line_by_line() {
    let mapping = Mapping {
        rules: vec![
            Rule::attribute("userName", "username"),
            Rule::attribute("emails[type eq \"work\"].primary", "email"),
        ],
    };
    let problems = user(&mapping, &person(&[("email", "x")]), true, &users(), Purpose::Create).unwrap_err();
    let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert!(lines[0].contains("true or false") && lines[1].starts_with("userName: is required"), "{lines:?}");
}

#[test]
fn groups_are_made_by_name() {
    assert_eq!(Value::from(group("Tea", Some("g1"))), json!({ "externalId": "g1", "displayName": "Tea" }));
}
