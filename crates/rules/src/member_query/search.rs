//! The `Search` form: conditions as texts in groups of `and` and `or`, the whole as JSON inside a string.

use serde_json::{Map, Value, json};

use super::expression;
use super::reading::Reading;
use crate::check::empty_group;
use crate::limits::MAX_DEPTH;
use crate::tree::too_deep;
use crate::{Node, Rule};

const ROOT: &str = "memberQuery.searchFilters";

pub(super) fn read(value: &Value, reading: &mut Reading) -> Option<Node> {
    let Value::Object(members) = value else { return reading.refuse("memberQuery", "memberQuery must be an object") };
    reading.only(members, &["queryType", "searchFilters"], "memberQuery");
    let text = match members.get("searchFilters") {
        Some(Value::String(text)) => text,
        Some(_) => return reading.refuse(ROOT, "searchFilters must be a string that holds JSON"),
        None => return reading.refuse(ROOT, "searchFilters is required: a string that holds JSON"),
    };
    match serde_json::from_str(text) {
        Ok(Value::Object(outer)) => read_outer(&outer, reading),
        Ok(Value::Array(elements)) => Some(Node::All(read_elements(&elements, ROOT, 1, reading))),
        Ok(_) => reading.refuse(ROOT, "searchFilters must hold {\"filter\":{\"and\":[..]}}"),
        Err(error) => reading.refuse(ROOT, format!("searchFilters does not hold JSON: {error}")),
    }
}

fn read_outer(outer: &Map<String, Value>, reading: &mut Reading) -> Option<Node> {
    reading.only(outer, &["filter"], ROOT);
    let path = format!("{ROOT}.filter");
    match outer.get("filter") {
        Some(Value::Array(elements)) => Some(Node::All(read_elements(elements, &path, 1, reading))),
        Some(Value::Object(group)) => {
            let (name, elements) = group_of(group, &path, reading)?;
            let path = format!("{path}.{name}");
            if elements.is_empty() && name == "or" {
                return reading.refuse_with(empty_group(path));
            }
            Some(join(name, read_elements(elements, &path, 1, reading)))
        }
        Some(_) => reading.refuse(path, "filter must be an object with \"and\" or \"or\", or an array of conditions"),
        None => reading.refuse(path, "filter is required: an object with \"and\" or \"or\""),
    }
}

fn read_elements(elements: &[Value], path: &str, level: usize, reading: &mut Reading) -> Vec<Node> {
    let mut nodes = Vec::new();
    for (index, element) in elements.iter().enumerate() {
        let path = format!("{path}[{index}]");
        let node = match element {
            Value::String(text) => expression::read(text, &path, reading).map(Node::Test),
            Value::Object(group) => read_group(group, &path, level + 1, reading),
            _ => reading.refuse(path, "must be a text such as \"department:$eq:Sales\", or an object of and/or"),
        };
        nodes.extend(node);
        if reading.is_full() {
            break;
        }
    }
    nodes
}

fn read_group(group: &Map<String, Value>, path: &str, level: usize, reading: &mut Reading) -> Option<Node> {
    if level > MAX_DEPTH {
        return reading.refuse_with(too_deep(path));
    }
    let (name, elements) = group_of(group, path, reading)?;
    let path = format!("{path}.{name}");
    if elements.is_empty() {
        return reading.refuse_with(empty_group(path));
    }
    Some(join(name, read_elements(elements, &path, level, reading)))
}

fn group_of<'v>(
    group: &'v Map<String, Value>,
    path: &str,
    reading: &mut Reading,
) -> Option<(&'static str, &'v [Value])> {
    let mut members = group.iter();
    let (name, value) = match (members.next(), members.next()) {
        (Some((name, value)), None) if name == "and" => ("and", value),
        (Some((name, value)), None) if name == "or" => ("or", value),
        _ => return reading.refuse(path, "a group must have exactly one member, \"and\" or \"or\""),
    };
    match value {
        Value::Array(elements) => Some((name, elements)),
        _ => reading.refuse(format!("{path}.{name}"), format!("{name} must be an array of conditions")),
    }
}

fn join(name: &str, children: Vec<Node>) -> Node {
    if name == "or" { Node::Any(children) } else { Node::All(children) }
}

pub(super) fn write(rule: &Rule) -> Value {
    let filter = match &rule.node {
        Node::Test(_) => json!({ "and": [write_node(&rule.node)] }),
        group => write_node(group),
    };
    json!({ "queryType": "Search", "searchFilters": json!({ "filter": filter }).to_string() })
}

fn write_node(node: &Node) -> Value {
    match node {
        Node::All(children) => json!({ "and": children.iter().map(write_node).collect::<Vec<_>>() }),
        Node::Any(children) => json!({ "or": children.iter().map(write_node).collect::<Vec<_>>() }),
        // Which this form does not read: what is written is read again, and refused.
        Node::None(children) => json!({ "none": children.iter().map(write_node).collect::<Vec<_>>() }),
        Node::Test(test) => expression::write(test).into(),
    }
}
