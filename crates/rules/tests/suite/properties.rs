//! What is true of every rule, every subject and every JSON value.

use muster_rules::language::{complete, parse, write};
use muster_rules::{AttributeType, Explanation, Form, MemberQuery, Node, Operator, Rule, Test, ValueKind};
use muster_rules::{Columns, Moment, Program, Schema, evaluate, explain, next_turn};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::{Person, schema};

const ATTRIBUTES: [&str; 7] =
    ["email", "department", "managers.email", "created", "attributes.level", "attributes.T-shirt size", "groups"];
const FORMS: [Form; 5] = [Form::FilterQuery, Form::Filter, Form::Search, Form::Expression, Form::V2];

fn attribute() -> impl Strategy<Value = String> {
    proptest::sample::select(&ATTRIBUTES[..]).prop_map(str::to_owned)
}

/// Few distinct values, so that rules and subjects meet; and any text.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => proptest::sample::select(vec!["Sales", "sales", "SALES EMEA", "a", "A", "ä", "Ä", "ΟΔΟΣ", "οδος"])
            .prop_map(str::to_owned),
        1 => "-?[0-9]{1,4}(\\.[0-9]{1,2})?",
        1 => "[0-9]{4}-[01][0-9]-[0-3][0-9](T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](Z|[+-][0-2][0-9]:00))?",
        1 => "[^\\x00|]{1,8}",
        1 => "[1-9] (day|weeks)",
        1 => "(Sales|a|ä)&(a|Sales EMEA|5|2024-01-31)",
        1 => "(\\^|[a-zA-Z]|\\.|\\[a-z\\]){1,4}[*+$]?",
    ]
}

fn test_of(operators: &'static [Operator]) -> impl Strategy<Value = Test> {
    (attribute(), proptest::sample::select(operators), vec(value(), 1..4), any::<bool>()).prop_map(
        |(attribute, operator, mut values, case_sensitive)| {
            match operator.value_kind() {
                ValueKind::None => values.clear(),
                ValueKind::One => values.truncate(1),
                ValueKind::List => {}
            }
            let case_sensitive = case_sensitive && operator.has_case();
            let refers = matches!(operator, Operator::MemberOf | Operator::NotMemberOf);
            let attribute = match attribute.as_str() {
                _ if refers => "groups".to_owned(),
                "groups" => "email".to_owned(),
                _ => attribute,
            };
            Test { attribute, operator, values, case_sensitive }
        },
    )
}

fn group(children: impl Strategy<Value = Node>) -> impl Strategy<Value = Node> {
    (0..5, vec(children, 1..4)).prop_map(|(which, nodes)| match which {
        0 | 1 => Node::All(nodes),
        2 | 3 => Node::Any(nodes),
        _ => Node::None(nodes),
    })
}

fn rule_of(operators: &'static [Operator]) -> impl Strategy<Value = Rule> {
    let node = test_of(operators).prop_map(Node::Test).prop_recursive(4, 24, 3, group);
    group(node).prop_map(|node| Rule::new(node).unwrap())
}

fn rule() -> impl Strategy<Value = Rule> {
    rule_of(&Operator::ALL)
}

/// Somewhen near the dates that values are made of.
fn now() -> impl Strategy<Value = Moment> {
    (0..4_000_000_000_000_000i64).prop_map(Moment)
}

fn person() -> impl Strategy<Value = Person> {
    btree_map(attribute(), prop_oneof![9 => value(), 1 => "[ \\t]{0,2}"], 0..6).prop_map(Person)
}

/// JSON made of the words that readers look for, so that it gets far into them.
fn near_query() -> impl Strategy<Value = Value> {
    let word = proptest::sample::select(vec![
        "filters",
        "filter",
        "field",
        "operation",
        "operator",
        "value",
        "queryType",
        "searchFilters",
        "and",
        "or",
        "equals",
        "in",
        "is_empty",
        "eq",
        "FilterQuery",
        "Filter",
        "Search",
        "email",
        "email:$eq:a",
        "a:$in:|",
        "{\"filter\":{\"or\":[\"a:$eq:b\"]}}",
        "[[]]",
        "state",
        "\u{0}",
        "",
    ])
    .prop_map(str::to_owned);
    let leaf = prop_oneof![
        4 => word.clone().prop_map(Value::from),
        1 => any::<String>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(10, 60, 5, move |inner| {
        let members = vec((word.clone(), inner.clone()), 0..5);
        prop_oneof![
            vec(inner, 0..5).prop_map(Value::from),
            members.prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn ignoring_case(node: Node) -> Node {
    match node {
        Node::All(children) => Node::All(children.into_iter().map(ignoring_case).collect()),
        Node::Any(children) => Node::Any(children.into_iter().map(ignoring_case).collect()),
        Node::None(children) => Node::None(children.into_iter().map(ignoring_case).collect()),
        Node::Test(test) => Node::Test(Test { case_sensitive: false, ..test }),
    }
}

/// Puts junk somewhere in a value: each turn goes into a child, by index round about, until a leaf or the last turn.
fn spoilt(value: &mut Value, turns: &[usize], junk: Value) {
    let Some((turn, turns)) = turns.split_first() else {
        *value = junk;
        return;
    };
    match value {
        Value::Array(elements) if !elements.is_empty() => {
            let index = turn % elements.len();
            spoilt(&mut elements[index], turns, junk);
        }
        Value::Object(members) if !members.is_empty() => {
            let index = turn % members.len();
            spoilt(members.values_mut().nth(index).unwrap(), turns, junk);
        }
        _ => *value = junk,
    }
}

fn says_none(node: &Node) -> bool {
    match node {
        Node::None(_) => true,
        Node::All(children) | Node::Any(children) => children.iter().any(says_none),
        Node::Test(_) => false,
    }
}

/// All and any swapped, every test negated.
fn negated(node: &Node) -> Node {
    match node {
        Node::All(children) => Node::Any(children.iter().map(negated).collect()),
        Node::Any(children) => Node::All(children.iter().map(negated).collect()),
        Node::None(children) => Node::Any(children.clone()),
        Node::Test(test) => Node::Test(Test { operator: test.operator.negation().unwrap(), ..test.clone() }),
    }
}

const WITH_NEGATION: &[Operator] = &[
    Operator::Equals,
    Operator::NotEquals,
    Operator::In,
    Operator::NotIn,
    Operator::Contains,
    Operator::NotContains,
    Operator::StartsWith,
    Operator::NotStartsWith,
    Operator::EndsWith,
    Operator::NotEndsWith,
    Operator::IsEmpty,
    Operator::IsNotEmpty,
    Operator::Matches,
    Operator::NotMatches,
    Operator::MemberOf,
    Operator::NotMemberOf,
];

proptest! {
    /// What is declared a number is kept in one spelling, and so compared as a number by what compares texts, in each way to
    /// evaluate.
    #[test]
    fn numbers_in_their_spelling_are_compared_as_numbers(
        own in "0{0,2}[0-9]{1,3}(\\.[0-9]{1,2})?(e[0-2])?", other in "[+-]?[0-9]{1,3}(\\.[0-9]{1,2}0?)?",
        operator in proptest::sample::select(vec![Operator::Equals, Operator::NotEquals, Operator::LessThan, Operator::GreaterOrEqual]),
        now in now(),
    ) {
        let number = |text: &str| text.parse::<f64>().unwrap() + 0.0;
        let kept = |text: &str| AttributeType::Number.spelt(text).unwrap();
        let person = Person([("attributes.level".to_owned(), kept(&own))].into());
        let rule = Rule::new(Node::Test(Test::new("attributes.level", operator, [kept(&other)]))).unwrap();
        let typed = Schema::typed_users([("level".to_owned(), AttributeType::Number)].into());
        prop_assert!(rule.check(&typed).is_ok(), "{:?}", rule.check(&typed));
        let expected = match operator {
            Operator::Equals => number(&own) == number(&other),
            Operator::NotEquals => number(&own) != number(&other),
            Operator::LessThan => number(&own) < number(&other),
            _ => number(&own) >= number(&other),
        };
        prop_assert_eq!(evaluate(&rule, &person, now), expected);
        prop_assert_eq!(Program::new(&rule).matches(&person, now), expected);
        let mut columns = Columns::new(["attributes.level"]);
        columns.push(&person);
        prop_assert_eq!(columns.matches(&rule, now).has(0), expected);
    }

    #[test]
    fn nested_forms_hold_every_rule(rule in rule()) {
        for form in [Form::Search, Form::V2] {
            let Ok(query) = MemberQuery::from_rule(rule.clone(), form) else {
                prop_assert!(form == Form::Search && says_none(&rule.node), "only what JumpCloud's form cannot say");
                continue;
            };
            prop_assert_eq!(query.rule(), &rule);
            let again = MemberQuery::read(&query.write(), form == Form::V2).unwrap();
            prop_assert_eq!(&again, &query);
            let edited = MemberQuery::read(&query.write_v2(), true).unwrap();
            prop_assert_eq!(edited.rule(), &rule);
        }
    }

    #[test]
    fn a_text_means_what_its_rule_does(rule in rule(), people in vec(person(), 1..8)) {
        let text = write(&rule);
        let read = parse(&text).unwrap();
        for person in &people {
            prop_assert_eq!(evaluate(&read, person, crate::NOW), evaluate(&rule, person, crate::NOW), "{}", text);
        }
        prop_assert_eq!(write(&read), text, "one text for one meaning");
    }

    #[test]
    fn every_way_to_evaluate_agrees(rule in rule(), people in vec(person(), 1..90), now in now()) {
        let program = Program::new(&rule);
        let mut columns = Columns::new(rule.attributes());
        people.iter().for_each(|person| columns.push(person));
        let bitmap = columns.matches(&rule, now);
        let expected: Vec<bool> = people.iter().map(|person| evaluate(&rule, person, now)).collect();
        for (n, person) in people.iter().enumerate() {
            prop_assert_eq!(program.matches(person, now), expected[n], "{} of {:?}", write(&rule), person);
            prop_assert_eq!(bitmap.has(n), expected[n], "{} of {:?}", write(&rule), person);
        }
        prop_assert_eq!(bitmap.count(), expected.iter().filter(|is| **is).count());
        let listed: Vec<usize> = bitmap.iter().collect();
        prop_assert_eq!(listed, (0..people.len()).filter(|n| expected[*n]).collect::<Vec<_>>());
    }

    #[test]
    fn nothing_changes_before_its_turn(rule in rule(), person in person(), now in now(), part in 0.0..1.0f64) {
        let before = evaluate(&rule, &person, now);
        // A century on, if it never turns.
        let turn = next_turn(&rule, &person, now).map_or(now.0 + 3_155_760_000_000_000, |turn| turn.0);
        prop_assert!(turn > now.0);
        let between = now.0 + ((turn - now.0 - 1) as f64 * part) as i64;
        prop_assert_eq!(evaluate(&rule, &person, Moment(between)), before, "{}", write(&rule));
        prop_assert_eq!(evaluate(&rule, &person, Moment(turn - 1)), before, "{}", write(&rule));
    }

    #[test]
    fn what_is_called_a_contradiction_matches_nobody(
        tests in vec(test_of(&Operator::ALL), 2..5), people in vec(person(), 20..60), now in now(),
    ) {
        let rule = Rule::new(Node::All(tests.into_iter().map(Node::Test).collect())).unwrap();
        let refused = crate::lines(rule.check(&schema())).iter().any(|line| line.contains("nobody can match"));
        for person in people {
            prop_assert!(!(refused && evaluate(&rule, &person, now)), "{} of {:?}", write(&rule), person);
        }
    }

    #[test]
    fn any_text_is_read_or_refused_with_a_place(text in "([a-z=<>!()\", .]|not |and |or |equals |is empty |\\PC){0,40}") {
        match parse(&text) {
            Ok(rule) => prop_assert!(parse(&write(&rule)).is_ok(), "{}", write(&rule)),
            Err(fault) => prop_assert!(text.get(fault.at.clone()).is_some(), "{fault:?}"),
        }
        for cursor in 0..=text.len() {
            prop_assert!(complete(&text, cursor, &schema()).len() <= 50);
        }
    }

    #[test]
    fn flat_forms_hold_every_flat_rule(tests in vec(test_of(&Operator::ALL), 0..6)) {
        let rule = Rule::new(Node::All(tests.into_iter().map(Node::Test).collect())).unwrap();
        for form in FORMS {
            let query = MemberQuery::from_rule(rule.clone(), form).unwrap();
            prop_assert_eq!(query.rule(), &rule);
            prop_assert_eq!(&MemberQuery::read(&query.write(), form == Form::V2).unwrap(), &query);
        }
    }

    #[test]
    fn a_form_says_the_rule_or_refuses_it(
        attribute in "(attributes\\.|user\\.|state|userState)?[a-z:$|\\[\\]=.]{0,6}",
        values in vec("[a|:$ ]{0,3}|active", 0..3),
        operator in proptest::sample::select(&Operator::ALL[..]),
    ) {
        let rule = Rule::new(Node::Test(Test::new(attribute, operator, values))).unwrap();
        for form in FORMS {
            if let Ok(query) = MemberQuery::from_rule(rule.clone(), form) {
                prop_assert_eq!(query.rule(), &rule);
            }
        }
    }

    #[test]
    fn stored_is_what_was_kept(rule in rule()) {
        let text = serde_json::to_string(&rule).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Rule>(&text).unwrap(), &rule);
        let query = MemberQuery::from_rule(rule, Form::V2).unwrap();
        let text = serde_json::to_string(&query).unwrap();
        prop_assert_eq!(serde_json::from_str::<MemberQuery>(&text).unwrap(), query);
    }

    #[test]
    fn the_explanation_agrees(rule in rule(), person in person()) {
        let explanation = explain(&rule, &person, crate::NOW);
        prop_assert_eq!(explanation.matched, evaluate(&rule, &person, crate::NOW));
        prop_assert_eq!(explanation.clauses().len(), rule.tests().len());
        let text = serde_json::to_string(&explanation).unwrap();
        prop_assert_eq!(serde_json::from_str::<Explanation>(&text).unwrap(), explanation);
    }

    #[test]
    fn the_negation_of_a_rule_is_its_opposite(rule in rule_of(WITH_NEGATION), person in person()) {
        let opposite = Rule { node: negated(&rule.node) };
        prop_assert_ne!(evaluate(&rule, &person, crate::NOW), evaluate(&opposite, &person, crate::NOW));
    }

    #[test]
    fn only_attributes_named_by_the_rule_matter(rule in rule(), person in person(), other in value()) {
        let mut changed = person.clone();
        for name in ATTRIBUTES.iter().filter(|name| !rule.attributes().contains(**name)) {
            changed.0.insert((*name).to_owned(), other.clone());
        }
        prop_assert_eq!(evaluate(&rule, &person, crate::NOW), evaluate(&rule, &changed, crate::NOW));
    }

    #[test]
    fn case_is_ignored_both_ways(rule in rule(), person in person()) {
        let rule = Rule { node: ignoring_case(rule.node) };
        // Only ASCII: "ß" in capitals is "SS", which is another text.
        let shout = |name: &str, value: &str| if name == "groups" { value.to_owned() } else { value.to_ascii_uppercase() };
        let loud = Person(person.0.iter().map(|(name, value)| (name.clone(), shout(name, value))).collect());
        prop_assert_eq!(evaluate(&rule, &person, crate::NOW), evaluate(&rule, &loud, crate::NOW));
    }

    #[test]
    fn bounds_are_an_order(a in value(), b in value()) {
        let person = Person([("email".to_owned(), a.clone())].into());
        let holds = |operator| evaluate(&crate::one("email", operator, &[&b]), &person, crate::NOW);
        let (less, greater) = (holds(Operator::LessThan), holds(Operator::GreaterThan));
        prop_assert!(!(less && greater));
        if !a.trim().is_empty() {
            prop_assert_eq!(holds(Operator::LessOrEqual), !greater);
            prop_assert_eq!(holds(Operator::GreaterOrEqual), !less);
        }
    }

    #[test]
    fn no_json_panics_and_what_reads_comes_back(value in near_query(), v2 in any::<bool>(), person in person()) {
        match MemberQuery::read(&value, v2) {
            Ok(query) => {
                prop_assert_eq!(&query.write(), &value);
                let edited = MemberQuery::read(&query.write_v2(), true).unwrap();
                prop_assert_eq!(edited.rule(), query.rule());
                let checked = query.check(&schema());
                prop_assert_eq!(checked.is_ok(), query.rule().check(&schema()).is_ok());
                prop_assert_eq!(explain(query.rule(), &person, crate::NOW).matched, evaluate(query.rule(), &person, crate::NOW));
            }
            Err(problems) => {
                prop_assert!(!problems.is_empty() && problems.len() <= 60);
                prop_assert!(problems.iter().all(|p| p.path.starts_with("memberQuery") && !p.message.is_empty()));
            }
        }
        let _ = serde_json::from_value::<Rule>(value.clone());
        let _ = serde_json::from_value::<MemberQuery>(value);
    }

    #[test]
    fn no_near_query_panics(filters in vec(near_query(), 0..4), kind in "FilterQuery|Filter|Search|v2", nested in any::<bool>()) {
        let elements = if nested { json!([{"operation": "or", "filters": filters}]) } else { json!(filters) };
        let value = match kind.as_str() {
            "Search" => json!({"queryType": kind, "searchFilters": json!({"filter": {"or": elements}}).to_string()}),
            "v2" => json!({"filters": elements}),
            _ => json!({"queryType": kind, "filters": elements}),
        };
        if let Ok(query) = crate::read(&value) {
            let _ = query.check(&schema());
        }
    }

    #[test]
    fn no_spoilt_query_panics(
        rule in rule(), turns in vec(any::<usize>(), 1..8), junk in near_query(), person in person(),
    ) {
        for form in FORMS {
            let Ok(query) = MemberQuery::from_rule(rule.clone(), form) else { continue };
            let mut value = query.write();
            spoilt(&mut value, &turns, junk.clone());
            if let Ok(query) = MemberQuery::read(&value, form == Form::V2) {
                let checked = query.check(&schema());
                prop_assert_eq!(checked.is_ok(), query.rule().check(&schema()).is_ok());
                prop_assert_eq!(explain(query.rule(), &person, crate::NOW).matched, evaluate(query.rule(), &person, crate::NOW));
            }
        }
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = crate::read(&json!({"queryType": "Filter", "filters": [text]}));
        let _ = crate::read(&json!({"queryType": "Filter", "filters": text}));
        let _ = crate::read(&json!({"queryType": "Search", "searchFilters": text}));
        let _ = crate::one("email", Operator::LessThan, &[&text]).check(&schema());
        let _ = crate::one(&text, Operator::Equals, &["x"]).check(&schema());
    }

    #[test]
    fn an_operator_that_the_schema_offers_is_accepted(operator in proptest::sample::select(&Operator::ALL[..])) {
        let schema = schema();
        for attribute in schema.attributes() {
            let value = match &attribute.kind {
                _ if operator.is_timed() => "3 days",
                AttributeType::Enumeration(values) => values[0].as_str(),
                AttributeType::Date => "2024-01-31",
                _ => "1",
            };
            let values = if operator.value_kind() == ValueKind::None { vec![] } else { vec![value] };
            let offered = attribute.kind.operators().contains(&operator);
            prop_assert_eq!(crate::one(&attribute.name, operator, &values).check(&schema).is_ok(), offered);
        }
    }
}
