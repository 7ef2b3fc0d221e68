//! What is refused by a schema, and in which words.

use muster_rules::{Attribute, AttributeType, Node, Operator, Rule, Schema, Test};
use serde_json::json;

use crate::{lines, one, paths, read, schema};

#[test]
fn good_rules_pass() {
    let query = read(&json!({"filters": [
        {"field": "email", "operation": "ends_with", "value": "@example.com"},
        {"field": "state", "operation": "in", "value": ["ACTIVATED", "staged"]},
        {"field": "created", "operation": "greater_than", "value": "2024-01-31"},
        {"field": "attributes.T-shirt size", "operation": "not_equals", "value": "XL"},
    ]}))
    .unwrap();
    assert_eq!(query.check(&schema()), Ok(()));
    assert_eq!(query.rule().check(&schema()), Ok(()));
    assert_eq!(Rule::everyone().check(&schema()), Ok(()));
}

#[test]
fn every_fault_is_named_with_its_place() {
    let query = read(&json!({"filters": [
        {"field": "departmnt", "operation": "equals", "value": "Sales"},
        {"field": "email", "operation": "equals", "value": " "},
        {"operation": "or", "filters": [
            {"field": "state", "operation": "contains", "value": "ACT"},
            {"field": "state", "operation": "in", "value": ["ACTIVATED", "FIRED"]},
            {"field": "company", "operation": "in", "value": []},
        ]},
        {"field": "attributes.Level", "operation": "is_empty"},
        {"field": "created", "operation": "less_than", "value": "yesterday"},
        {"field": "user.shoe", "operation": "in", "value": ["a"]},
    ]}))
    .unwrap();
    let expected = [
        "memberQuery.filters[0].field: unknown attribute \"departmnt\"; did you mean \"department\"?",
        "memberQuery.filters[1].value: the value is empty; write the value to compare with, or use \"is empty\"",
        "memberQuery.filters[2].filters[0].operation: \"contains\" does not apply to User State (type enumeration); \
         use one of: equals, not equals, in, not in, is empty, is not empty",
        "memberQuery.filters[2].filters[1].value[1]: User State has no value \"FIRED\"; it is one of STAGED, \
         ACTIVATED, SUSPENDED",
        "memberQuery.filters[2].filters[2].value: \"in\" needs at least one value",
        "memberQuery.filters[3].field: unknown attribute \"attributes.Level\"; did you mean \"attributes.level\"?",
        "memberQuery.filters[4].value: Created is a date; write it as 2024-01-31 or 2024-01-31T09:00:00Z",
        "memberQuery.filters[5].field: unknown attribute \"user.shoe\"; a custom attribute is written attributes.NAME",
    ];
    assert_eq!(lines(query.check(&schema())), expected);
    assert_eq!(lines(query.rule().check(&schema())), expected, "a rule names the places of the v2 form");
}

#[test]
fn places_are_those_of_the_form() {
    let cases = [
        (
            json!({"queryType": "FilterQuery", "filters": [{"field": "x", "operator": "eq", "value": "a"}]}),
            ".filters[0].field",
        ),
        (
            json!({"queryType": "FilterQuery", "filters": [{"field": "state", "operator": "co", "value": "a"}]}),
            ".filters[0].operator",
        ),
        (
            json!({"queryType": "FilterQuery", "filters": [{"field": "state", "operator": "in", "value": "STAGED|b"}]}),
            ".filters[0].value",
        ),
        (json!({"queryType": "Filter", "filters": ["email:$eq:a", "x:$eq:a"]}), ".filters[1]"),
        (
            json!({"queryType": "Search", "searchFilters": "{\"filter\":{\"or\":[\"email:$eq:\"]}}"}),
            ".searchFilters.filter.or[0]",
        ),
        (
            json!({"queryType": "Search", "searchFilters": "[\"email:$eq:a\",{\"or\":[\"x:$eq:a\"]}]"}),
            ".searchFilters[1].or[0]",
        ),
        (
            json!({"filters": [{"operation": "or", "filters": [{"field": "x", "operation": "equals", "value": "a"}]}]}),
            ".filters[0].filters[0].field",
        ),
    ];
    for (query, place) in cases {
        assert_eq!(paths(read(&query).unwrap().check(&schema())), [format!("memberQuery{place}")], "{query}");
    }
}

#[test]
fn hand_built_rules_are_checked_whole() {
    let test = |operator, values: &[&str]| Node::Test(Test::new("email", operator, values.iter().copied()));
    let rule = Rule {
        node: Node::Any(vec![
            Node::All(vec![]),
            test(Operator::Equals, &[]),
            test(Operator::Equals, &["a", "b"]),
            test(Operator::IsEmpty, &["a"]),
            test(Operator::Equals, &["a\0b"]),
            test(Operator::Contains, &[&"ä".repeat(1025)]),
            test(Operator::In, &["x"; 101]),
        ]),
    };
    assert_eq!(
        paths(rule.check(&schema())),
        [
            "memberQuery.filters[0].filters[0].filters",
            "memberQuery.filters[0].filters[1].value",
            "memberQuery.filters[0].filters[2].value",
            "memberQuery.filters[0].filters[3].value",
            "memberQuery.filters[0].filters[4].value",
            "memberQuery.filters[0].filters[5].value",
            "memberQuery.filters[0].filters[6].value",
        ]
    );
    assert_eq!(paths(Rule { node: Node::Any(vec![]) }.check(&schema())), ["memberQuery.filters[0].filters"]);
    let mut deep = Node::All(vec![]);
    for _ in 0..100 {
        deep = Node::All(vec![deep]);
    }
    assert_eq!(paths(Rule { node: deep }.check(&schema())), ["memberQuery"]);
}

#[test]
fn typed_values() {
    let attribute = |name: &str, kind| Attribute { name: name.into(), label: name.into(), kind, custom: false };
    let schema = Schema::new(vec![attribute("n", AttributeType::Number), attribute("b", AttributeType::Bool)]);
    for (rule, good) in [
        (one("n", Operator::Equals, &["42"]), true),
        (one("n", Operator::Equals, &["-1.5"]), true),
        (one("n", Operator::Equals, &["042"]), false),
        (one("n", Operator::GreaterThan, &["042"]), true),
        (one("n", Operator::GreaterThan, &["inf"]), false),
        (one("n", Operator::Contains, &["4"]), false),
        (one("b", Operator::Equals, &["true"]), true),
        (one("b", Operator::NotEquals, &["yes"]), false),
        (one("b", Operator::In, &["true"]), false),
    ] {
        assert_eq!(rule.check(&schema).is_ok(), good, "{rule:?}");
    }
}

#[test]
fn the_users_schema_offers_what_the_console_shows() {
    let schema = schema();
    let labels: Vec<_> = schema.attributes().iter().map(|attribute| attribute.label.as_str()).collect();
    assert_eq!(labels[..4], ["Username", "Company Email", "First Name", "Middle Name"]);
    let state = schema.find("state").unwrap();
    assert_eq!(state.kind.values(), Some(vec!["STAGED", "ACTIVATED", "SUSPENDED"]));
    let custom = schema.find("attributes.T-shirt size").unwrap();
    assert!(custom.custom && custom.label == "T-shirt size" && custom.kind == AttributeType::Text);
    assert_eq!(schema.find("attributes.t-shirt size"), None, "names are case-sensitive");
    let repeated = Schema::users(["a", "a"].map(str::to_owned).into_iter());
    assert_eq!(repeated.attributes().iter().filter(|attribute| attribute.custom).count(), 1);
}
