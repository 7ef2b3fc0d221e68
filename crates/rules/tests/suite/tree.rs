//! The canonical JSON of the database, and the bounds of a tree.

use muster_rules::limits::{MAX_DEPTH, MAX_TESTS};
use muster_rules::{Node, Operator, Rule, Test};
use serde_json::json;

use crate::read;

#[test]
fn canonical_json() {
    let rule = read(&json!({"filters": [
        {"field": "user.user_department", "operation": "equals_case_sensitive", "value": "Eng"},
        {"operation": "or", "filters": [{"field": "user.email", "operation": "is_null"}]},
    ]}))
    .unwrap();
    let canonical = json!({"all": [
        {"test": {"attribute": "department", "operator": "equals", "values": ["Eng"], "case_sensitive": true}},
        {"any": [{"test": {"attribute": "email", "operator": "is_empty"}}]},
    ]});
    assert_eq!(serde_json::to_value(rule.rule()).unwrap(), canonical);
    assert_eq!(&serde_json::from_value::<Rule>(canonical).unwrap(), rule.rule());
    assert_eq!(rule.rule().attributes().into_iter().collect::<Vec<_>>(), ["department", "email"]);
}

fn nested(levels: usize) -> Node {
    let test = Node::Test(Test::new("email", Operator::IsEmpty, Vec::<String>::new()));
    (0..levels).fold(test, |node, _| Node::Any(vec![node]))
}

#[test]
fn depth_is_bounded() {
    assert!(Rule::new(nested(MAX_DEPTH)).is_ok());
    let refused = Rule::new(nested(MAX_DEPTH + 1)).unwrap_err();
    assert_eq!(refused.path, "memberQuery");
    assert!(refused.message.contains("more than 8 deep"), "{refused}");
    let stored = serde_json::to_value(nested(MAX_DEPTH + 1)).unwrap();
    assert!(serde_json::from_value::<Rule>(stored).is_err());
}

#[test]
fn tests_and_text_are_bounded() {
    let tests = |count| Node::All(vec![nested(0); count]);
    assert!(Rule::new(tests(MAX_TESTS)).is_ok());
    assert!(Rule::new(tests(MAX_TESTS + 1)).is_err());
    let long = Node::Test(Test::new("email", Operator::In, vec!["x".repeat(1024); 300]));
    assert!(Rule::new(long).unwrap_err().message.contains("bytes"));
}

#[test]
fn a_lone_test_becomes_a_group() {
    assert!(matches!(Rule::new(nested(0)).unwrap().node, Node::All(children) if children.len() == 1));
}
