//! Rules as text: both ways, with the place of each fault, and what may come next.

use muster_rules::language::{complete, parse, write};
use muster_rules::{Node, Operator, Rule, Schema, Test};

fn test(attribute: &str, operator: Operator, values: &[&str]) -> Node {
    Node::Test(Test::new(attribute, operator, values.iter().copied()))
}

fn said(text: &str) -> Node {
    parse(text).unwrap().node
}

#[test]
fn each_operator_by_its_words_and_signs() {
    for operator in Operator::ALL {
        let rule = Rule::new(Node::All(vec![
            Node::Test(Test {
                attribute: attribute_of(operator),
                operator,
                values: values_of(operator),
                case_sensitive: false,
            }),
            test("b", Operator::IsEmpty, &[]),
        ]));
        let rule = rule.unwrap();
        assert_eq!(parse(&write(&rule)).unwrap(), rule, "{}", write(&rule));
    }
    for (sign, operator) in [("=", Operator::Equals), ("!=", Operator::NotEquals), (">=", Operator::GreaterOrEqual)] {
        assert_eq!(said(&format!("a{sign}7")), Node::All(vec![test("a", operator, &["7"])]));
    }
    let member = |of: &str, operator| Node::All(vec![test(of, operator, &["Sales"])]);
    assert_eq!(said(r#"member of "Sales""#), member("groups", Operator::MemberOf));
    assert_eq!(said(r#"owner not member of "Sales""#), member("owner.groups", Operator::NotMemberOf));
    assert_eq!(said(r#"not member of "Sales""#), member("groups", Operator::NotMemberOf));
    assert_eq!(said("a is set"), Node::All(vec![test("a", Operator::IsNotEmpty, &[])]));
}

fn attribute_of(operator: Operator) -> String {
    let refers = matches!(operator, Operator::MemberOf | Operator::NotMemberOf);
    if refers { "groups" } else { "a" }.to_owned()
}

fn values_of(operator: Operator) -> Vec<String> {
    match operator.value_kind() {
        muster_rules::ValueKind::None => vec![],
        muster_rules::ValueKind::One => vec!["x".into()],
        muster_rules::ValueKind::List => vec!["x".into(), "y, \"z\"".into()],
    }
}

#[test]
fn and_binds_before_or_and_not_before_both() {
    let (a, b, c) = (
        || test("a", Operator::Equals, &["1"]),
        || test("b", Operator::Equals, &["2"]),
        || test("c", Operator::IsEmpty, &[]),
    );
    assert_eq!(said("a = 1 or b = 2 AND c is empty"), Node::Any(vec![a(), Node::All(vec![b(), c()])]));
    assert_eq!(said("(a = 1 or b = 2) and c is empty"), Node::All(vec![Node::Any(vec![a(), b()]), c()]));
    assert_eq!(said("not a = 1 and c is empty"), Node::All(vec![Node::None(vec![a()]), c()]));
    assert_eq!(said("not (a = 1 or b = 2)"), Node::None(vec![a(), b()]));
    assert_eq!(said(""), Rule::everyone().node);
    assert_eq!(said("everyone"), Rule::everyone().node);
    assert_eq!(said("nobody"), Node::Any(vec![]));
}

#[test]
fn names_and_values_may_hold_anything() {
    assert_eq!(said(r#"attributes."T-shirt size" equals exactly "X\"L\\""#), {
        let test = Test { case_sensitive: true, ..Test::new("attributes.T-shirt size", Operator::Equals, ["X\"L\\"]) };
        Node::All(vec![Node::Test(test)])
    });
    let odd =
        Rule::new(Node::All(vec![test("not", Operator::In, &["and", "ä ) ("]), test("", Operator::IsEmpty, &[])]));
    let odd = odd.unwrap();
    assert_eq!(parse(&write(&odd)).unwrap(), odd, "{}", write(&odd));
}

#[test]
fn faults_have_a_place() {
    for (text, at, says) in [
        ("department", 10..10, "operator"),
        ("department equals", 17..17, "value"),
        ("department likes \"x\"", 11..16, "operator"),
        ("department equals \"Sales", 18..24, "closing quote"),
        ("department equals \"a\\n\"", 20..22, "backslash"),
        ("(department is empty", 20..20, "parenthesis"),
        ("department is empty email is empty", 20..25, "\"and\" or \"or\""),
        ("department is empty and", 23..23, "condition"),
        ("department in (\"a\" \"b\")", 19..22, "further value"),
        ("= 7", 0..1, "attribute"),
        ("a = 7 ; drop", 6..7, "means nothing"),
    ] {
        let fault = parse(text).unwrap_err();
        assert_eq!(fault.at, at, "{text}: {fault}");
        assert!(fault.message.contains(says), "{text}: {fault}");
    }
}

#[test]
fn depth_and_length_are_bounded() {
    assert!(parse(&"(".repeat(100_000)).unwrap_err().message.contains("nested"));
    assert!(parse(&"not ".repeat(100_000)).is_err());
    assert!(parse(&format!("a = \"{}\"", "x".repeat(300_000))).is_err());
    let deep = format!("{}a = 1 or b = 2{}", "(c = 3 and (".repeat(10), " or d = 4)".repeat(20));
    assert!(parse(&deep).unwrap_err().message.contains("deep"));
    let many = vec!["a = 1"; 201].join(" or ");
    assert!(parse(&many).unwrap_err().message.contains("conditions"));
}

#[test]
fn what_may_come_next() {
    let schema = Schema::users(["T-shirt size".to_owned()].into_iter());
    let offered = |text: &str| {
        let all = complete(text, text.len(), &schema);
        all.into_iter().map(|c| (c.from, c.insert)).collect::<Vec<_>>()
    };
    assert_eq!(offered("dep"), [(0, "department".to_owned())]);
    assert_eq!(offered("(T-"), [(1, "attributes.\"T-shirt size\"".to_owned())]);
    assert!(offered("department ").iter().any(|(from, insert)| (*from, insert.as_str()) == (11, "starts with")));
    assert!(!offered("state ").iter().any(|(_, insert)| insert == "contains"), "of those that apply");
    assert_eq!(offered("state equals \"su"), [(13, "\"SUSPENDED\"".to_owned())]);
    assert_eq!(offered("department is empty a"), [(20, "and".to_owned())]);
    assert_eq!(complete("dep is empty", 3, &schema)[0].insert, "department");
}
