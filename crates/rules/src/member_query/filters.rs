//! The two flat forms, whose conditions are all joined by "and": `FilterQuery` (objects) and `Filter` (texts).

use serde_json::{Value, json};

use super::expression;
use super::reading::Reading;
use crate::{Node, Rule, Test, ValueKind};

pub(super) fn read_objects(value: &Value, reading: &mut Reading) -> Option<Node> {
    let elements = read_filters(value, reading)?;
    let mut tests = Vec::new();
    for (index, element) in elements.iter().enumerate() {
        let path = format!("memberQuery.filters[{index}]");
        tests.extend(reading.condition(element, &path, "operator").map(Node::Test));
        if reading.is_full() {
            break;
        }
    }
    Some(Node::All(tests))
}

pub(super) fn read_expressions(value: &Value, reading: &mut Reading) -> Option<Node> {
    // One published schema has the array as a text of JSON.
    if let Some(Value::String(text)) = value.get("filters") {
        return match serde_json::from_str(text) {
            Ok(Value::Array(elements)) => Some(read_texts(&elements, reading)),
            _ => reading.refuse("memberQuery.filters", "filters must be an array of texts"),
        };
    }
    let elements = read_filters(value, reading)?;
    Some(read_texts(elements, reading))
}

fn read_texts(elements: &[Value], reading: &mut Reading) -> Node {
    let mut tests = Vec::new();
    for (index, element) in elements.iter().enumerate() {
        let path = format!("memberQuery.filters[{index}]");
        let test = match element {
            Value::String(text) => expression::read(text, &path, reading),
            _ => reading.refuse(path, "a condition must be a text such as \"department:$eq:Sales\""),
        };
        tests.extend(test.map(Node::Test));
        if reading.is_full() {
            break;
        }
    }
    Node::All(tests)
}

fn read_filters<'v>(value: &'v Value, reading: &mut Reading) -> Option<&'v [Value]> {
    let Value::Object(members) = value else { return reading.refuse("memberQuery", "memberQuery must be an object") };
    reading.only(members, &["queryType", "filters"], "memberQuery");
    reading.array(members, "filters", "memberQuery")
}

/// `None` for a rule with an "or" or a group.
pub(super) fn write_objects(rule: &Rule) -> Option<Value> {
    let filters: Vec<_> = flat_tests(rule)?.into_iter().map(write_object).collect();
    Some(json!({ "queryType": "FilterQuery", "filters": filters }))
}

fn write_object(test: &Test) -> Value {
    let operator = expression::operator_name(test, test.operator.short_name());
    match test.operator.value_kind() {
        ValueKind::None => json!({ "field": test.attribute, "operator": operator }),
        _ => json!({ "field": test.attribute, "operator": operator, "value": test.values.join("|") }),
    }
}

/// `None` for a rule with an "or" or a group.
pub(super) fn write_expressions(rule: &Rule) -> Option<Value> {
    let filters: Vec<_> = flat_tests(rule)?.into_iter().map(expression::write).collect();
    Some(json!({ "queryType": "Filter", "filters": filters }))
}

fn flat_tests(rule: &Rule) -> Option<Vec<&Test>> {
    let children = match &rule.node {
        Node::All(children) => children.as_slice(),
        Node::Test(_) => std::slice::from_ref(&rule.node),
        Node::Any(_) | Node::None(_) => return None,
    };
    children.iter().map(|child| if let Node::Test(test) = child { Some(test) } else { None }).collect()
}
