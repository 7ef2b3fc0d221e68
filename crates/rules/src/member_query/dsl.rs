//! The v2 form: conditions and nested groups as objects.

use serde_json::{Map, Value, json};

use super::is_implicit_root;
use super::reading::Reading;
use crate::check::empty_group;
use crate::limits::MAX_DEPTH;
use crate::tree::too_deep;
use crate::{Node, Rule, Test, ValueKind};

pub(super) fn read(value: &Value, reading: &mut Reading) -> Option<Node> {
    let Value::Object(members) = value else { return reading.refuse("memberQuery", "memberQuery must be an object") };
    reading.only(members, &["filters"], "memberQuery");
    let elements = reading.array(members, "filters", "memberQuery")?;
    match elements {
        [Value::Object(group)] if is_group(group) => read_group(group, "memberQuery.filters[0]", 1, reading),
        _ => Some(Node::All(read_elements(elements, "memberQuery", 1, reading))),
    }
}

fn is_group(members: &Map<String, Value>) -> bool {
    members.contains_key("filters")
        || matches!(members.get("operation"), Some(Value::String(o)) if matches!(o.as_str(), "and" | "or" | "none"))
}

fn read_group(members: &Map<String, Value>, path: &str, level: usize, reading: &mut Reading) -> Option<Node> {
    if level > MAX_DEPTH {
        return reading.refuse_with(too_deep(path));
    }
    reading.only(members, &["operation", "filters"], path);
    let join = match members.get("operation") {
        Some(Value::String(operation)) if operation == "and" => Some(Node::All as fn(Vec<Node>) -> Node),
        Some(Value::String(operation)) if operation == "or" => Some(Node::Any as fn(Vec<Node>) -> Node),
        // Ours: JumpCloud's groups are "and" and "or".
        Some(Value::String(operation)) if operation == "none" => Some(Node::None as fn(Vec<Node>) -> Node),
        _ => {
            reading.refuse(format!("{path}.operation"), "the operation of a group must be \"and\", \"or\" or \"none\"")
        }
    };
    let elements = reading.array(members, "filters", path)?;
    if elements.is_empty() {
        return reading.refuse_with(empty_group(format!("{path}.filters")));
    }
    let children = read_elements(elements, path, level, reading);
    Some(join?(children))
}

fn read_elements(elements: &[Value], path: &str, level: usize, reading: &mut Reading) -> Vec<Node> {
    let mut nodes = Vec::new();
    for (index, element) in elements.iter().enumerate() {
        let path = format!("{path}.filters[{index}]");
        let node = match element {
            Value::Object(members) if is_group(members) => read_group(members, &path, level + 1, reading),
            _ => reading.condition(element, &path, "operation").map(Node::Test),
        };
        nodes.extend(node);
        if reading.is_full() {
            break;
        }
    }
    nodes
}

pub(super) fn write(rule: &Rule) -> Value {
    match &rule.node {
        Node::All(children) if is_implicit_root(&rule.node) => json!({ "filters": write_all(children) }),
        node => json!({ "filters": [write_node(node)] }),
    }
}

fn write_all(nodes: &[Node]) -> Vec<Value> {
    nodes.iter().map(write_node).collect()
}

/// A rule is within the limits, so this ends at their depth.
fn write_node(node: &Node) -> Value {
    match node {
        Node::All(children) => json!({ "operation": "and", "filters": write_all(children) }),
        Node::Any(children) => json!({ "operation": "or", "filters": write_all(children) }),
        Node::None(children) => json!({ "operation": "none", "filters": write_all(children) }),
        Node::Test(test) => write_test(test),
    }
}

fn write_test(test: &Test) -> Value {
    let operation = super::expression::operator_name(test, test.operator.name());
    match (test.operator.value_kind(), test.values.as_slice()) {
        (ValueKind::None, _) => json!({ "field": test.attribute, "operation": operation }),
        (ValueKind::One, [value]) => json!({ "field": test.attribute, "operation": operation, "value": value }),
        (_, values) => json!({ "field": test.attribute, "operation": operation, "value": values }),
    }
}
