//! Every operator over every kind of value it may see.

use muster_rules::Operator::{
    Contains, EndsWith, Equals, GreaterOrEqual, GreaterThan, In, IsEmpty, IsNotEmpty, LessOrEqual, LessThan, LongerAgo,
    Matches, MemberOf, NotContains, NotEndsWith, NotEquals, NotIn, NotMatches, NotMemberOf, NotStartsWith, StartsWith,
    WithinLast, WithinNext,
};
use muster_rules::{Node, Operator, Rule, Test, evaluate};

use crate::{one, person};

/// Operator, values of the test, the subject's value, expected.
type Row = (Operator, &'static [&'static str], Option<&'static str>, bool);

const TABLE: &[Row] = &[
    (Equals, &["Sales"], Some("Sales"), true),
    (Equals, &["sales"], Some("SALES"), true),
    (Equals, &["Sales"], Some("Sales EMEA"), false),
    (Equals, &["Ärger"], Some("äRGER"), true),
    (Equals, &["Sales"], None, false),
    (Equals, &["Sales"], Some("  "), false),
    (NotEquals, &["Sales"], Some("Sales"), false),
    (NotEquals, &["Sales"], Some("Support"), true),
    (NotEquals, &["Sales"], None, true),
    (In, &["Sales", "Support"], Some("support"), true),
    (In, &["Sales", "Support"], Some("Legal"), false),
    (In, &["Sales"], None, false),
    (NotIn, &["Sales", "Support"], Some("support"), false),
    (NotIn, &["Sales", "Support"], Some("Legal"), true),
    (NotIn, &["Sales"], Some(""), true),
    (Contains, &["admin"], Some("The Admin of all"), true),
    (Contains, &["admin"], Some("The boss"), false),
    (Contains, &["ß"], Some("Straße"), true),
    (Contains, &["admin"], None, false),
    (NotContains, &["admin"], Some("The Admin of all"), false),
    (NotContains, &["admin"], Some("The boss"), true),
    (NotContains, &["admin"], None, true),
    (StartsWith, &["ana."], Some("Ana.Diaz@x.test"), true),
    (StartsWith, &["ana."], Some("diana.x@x.test"), false),
    (StartsWith, &["ana"], None, false),
    (EndsWith, &["@Example.com"], Some("bo@example.com"), true),
    (EndsWith, &["@example.com"], Some("bo@example.com.evil.test"), false),
    (EndsWith, &["@example.com"], None, false),
    (NotStartsWith, &["ana."], Some("Ana.Diaz@x.test"), false),
    (NotStartsWith, &["ana."], Some("diana.x@x.test"), true),
    (NotStartsWith, &["ana."], None, true),
    (NotEndsWith, &["@Example.com"], Some("bo@example.com"), false),
    (NotEndsWith, &["@example.com"], Some("bo@example.com.evil.test"), true),
    (NotEndsWith, &["@example.com"], None, true),
    (GreaterThan, &["9"], Some("10"), true),
    (GreaterThan, &["10"], Some("10"), false),
    (GreaterThan, &["9"], None, false),
    (GreaterOrEqual, &["10"], Some("10.0"), true),
    (GreaterOrEqual, &["2024-01-31"], Some("2024-01-31T00:00:00Z"), true),
    (GreaterOrEqual, &["10"], Some("9.5"), false),
    (LessThan, &["2024-01-31"], Some("2024-01-30T23:59:59Z"), true),
    (LessThan, &["m"], Some("Lima"), true),
    (LessThan, &["10"], None, false),
    (LessOrEqual, &["2024-01-31T12:00:00+02:00"], Some("2024-01-31T10:00:00Z"), true),
    (LessOrEqual, &["10"], Some("11"), false),
    (IsEmpty, &[], None, true),
    (IsEmpty, &[], Some(" \t"), true),
    (IsEmpty, &[], Some("x"), false),
    (IsNotEmpty, &[], None, false),
    (IsNotEmpty, &[], Some(""), false),
    (IsNotEmpty, &[], Some("x"), true),
    (Matches, &["^s.*s$"], Some("Sales"), true),
    (Matches, &["^a"], Some("Sales"), false),
    (NotMatches, &["^s"], Some("Sales"), false),
    (NotMatches, &["^s"], None, true),
    (WithinLast, &["31 days"], Some("2024-01-01"), true),
    (WithinLast, &["30 days"], Some("2024-01-01"), false),
    (WithinLast, &["30 days"], Some("2024-02-02"), false),
    (LongerAgo, &["30 days"], Some("2024-01-01"), true),
    (LongerAgo, &["31 days"], Some("2024-01-01"), false),
    (LongerAgo, &["1 day"], None, false),
    (WithinNext, &["1 day"], Some("2024-02-02"), true),
    (WithinNext, &["1 day"], Some("2024-02-03"), false),
    (WithinNext, &["1 day"], Some("2024-01-31"), false),
    (MemberOf, &["a", "b"], Some("b"), true),
    (MemberOf, &["a", "b"], Some("B"), false),
    (MemberOf, &["a"], None, false),
    (NotMemberOf, &["a"], Some("a"), false),
    (NotMemberOf, &["a"], None, true),
];

#[test]
fn every_operator() {
    for operator in Operator::ALL {
        for expected in [true, false] {
            assert!(TABLE.iter().any(|row| row.0 == operator && row.3 == expected), "{operator:?} {expected}");
        }
    }
    for (operator, values, value, expected) in TABLE {
        let subject = person(&value.map(|value| ("department", value)).into_iter().collect::<Vec<_>>());
        let matched = evaluate(&one("department", *operator, values), &subject, crate::NOW);
        assert_eq!(matched, *expected, "{value:?} {} {values:?}", operator.label());
    }
}

#[test]
fn case_counts_when_asked() {
    let subject = person(&[("department", "Sales EMEA")]);
    for (operator, value, matched) in [
        (Equals, "sales emea", false),
        (NotEquals, "sales emea", true),
        (In, "sales emea", false),
        (Contains, "emea", false),
        (Contains, "EMEA", true),
        (NotContains, "emea", true),
        (StartsWith, "sales", false),
        (EndsWith, "emea", false),
        (LessThan, "sales", true),
    ] {
        let test = Test { case_sensitive: true, ..Test::new("department", operator, [value]) };
        assert_eq!(
            evaluate(&Rule::new(Node::Test(test)).unwrap(), &subject, crate::NOW),
            matched,
            "{operator:?} {value}"
        );
    }
}

#[test]
fn groups() {
    let subject = person(&[("department", "Sales"), ("location", "Lima")]);
    let test = |attribute: &str, value: &str| Node::Test(Test::new(attribute, Equals, [value]));
    let (yes, no) = (|| test("department", "Sales"), || test("location", "Oslo"));
    for (node, matched) in [
        (Node::All(vec![]), true),
        (Node::Any(vec![]), false),
        (Node::All(vec![yes(), no()]), false),
        (Node::Any(vec![no(), yes()]), true),
        (Node::All(vec![yes(), Node::Any(vec![no(), yes()])]), true),
        (Node::Any(vec![no(), Node::All(vec![yes(), no()])]), false),
        (Node::None(vec![]), true),
        (Node::None(vec![no(), no()]), true),
        (Node::None(vec![no(), yes()]), false),
        (Node::None(vec![Node::None(vec![yes()])]), true),
    ] {
        assert_eq!(evaluate(&Rule { node: node.clone() }, &subject, crate::NOW), matched, "{node:?}");
    }
}

#[test]
fn a_tree_too_deep_built_by_hand_matches_nobody() {
    let mut node = Node::All(vec![]);
    for _ in 0..200 {
        node = Node::All(vec![node]);
    }
    let rule = Rule { node };
    assert!(!evaluate(&rule, &person(&[]), crate::NOW));
    assert!(!muster_rules::explain(&rule, &person(&[]), crate::NOW).matched);
}

#[test]
fn all_users() {
    assert!(Rule::everyone().is_everyone());
    assert!(evaluate(&Rule::everyone(), &person(&[]), crate::NOW));
}
