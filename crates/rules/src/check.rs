//! Whether a rule makes sense for a schema: known attributes, operators that apply, values that can be met.
//! It never looks at subjects; a rule that passes may still match nobody.

use crate::compare::{date, number};
use crate::limits::{MAX_VALUE_CHARS, MAX_VALUES};
use crate::tree::within_limits;
use crate::{Attribute, AttributeType, Node, Operator, Problem, Rule, Schema, Test, ValueKind};
use crate::{contradiction, duration, pattern};

/// The part of a test that is at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Attribute,
    Operator,
    Value,
    /// One of several values.
    ValueAt(usize),
}

/// A fault of the `test`-th test in written order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub test: usize,
    pub part: Part,
    pub message: String,
}

impl Rule {
    /// All that is wrong with the rule, with places as in the v2 form (`memberQuery.filters[1].value`). A rule that
    /// came in another form is better checked by [`crate::MemberQuery::check`], which names the places of that one.
    pub fn check(&self, schema: &Schema) -> Result<(), Vec<Problem>> {
        within_limits(&self.node).map_err(|problem| vec![problem])?;
        let mut problems = empty_groups(&self.node);
        let places = places(&self.node);
        problems.extend(findings(self, schema).into_iter().map(|finding| {
            let place = places.get(finding.test).map_or("memberQuery", String::as_str);
            let path = match finding.part {
                Part::Attribute => format!("{place}.field"),
                Part::Operator => format!("{place}.operation"),
                Part::Value => format!("{place}.value"),
                Part::ValueAt(index) => format!("{place}.value[{index}]"),
            };
            Problem::new(path, finding.message)
        }));
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

/// Paths of the tests in written order, where the v2 form would have them.
fn places(root: &Node) -> Vec<String> {
    walk(root).into_iter().filter(|(_, node)| matches!(node, Node::Test(_))).map(|(path, _)| path).collect()
}

fn empty_groups(root: &Node) -> Vec<Problem> {
    let is_empty = |node: &Node| match node {
        Node::All(children) => children.is_empty() && !std::ptr::eq(node, root),
        Node::Any(children) | Node::None(children) => children.is_empty(),
        Node::Test(_) => false,
    };
    walk(root).into_iter().filter(|(_, node)| is_empty(node)).map(|(path, _)| empty_group(path + ".filters")).collect()
}

pub(crate) fn empty_group(path: String) -> Problem {
    Problem::new(path, "the group is empty; give it a condition or leave it out")
}

/// Every node with its v2 path, in written order. The v2 form has an implicit "all" outside: that is no node.
fn walk(root: &Node) -> Vec<(String, &Node)> {
    let mut nodes = Vec::new();
    let implicit = crate::member_query::is_implicit_root(root);
    let mut open = vec![(if implicit { "memberQuery".to_owned() } else { "memberQuery.filters[0]".to_owned() }, root)];
    while let Some((path, node)) = open.pop() {
        if let Node::All(children) | Node::Any(children) | Node::None(children) = node {
            let children = children.iter().enumerate();
            open.extend(children.map(|(index, child)| (format!("{path}.filters[{index}]"), child)).rev());
        }
        nodes.push((path, node));
    }
    nodes
}

/// What is wrong with each test.
pub(crate) fn findings(rule: &Rule, schema: &Schema) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, test) in rule.tests().into_iter().enumerate() {
        let mut add = |part, message| findings.push(Finding { test: index, part, message });
        match schema.find(&test.attribute) {
            None => add(Part::Attribute, unknown(&test.attribute, schema)),
            Some(attribute) if !attribute.kind.operators().contains(&test.operator) => {
                add(Part::Operator, does_not_apply(test.operator, attribute));
            }
            Some(attribute) => values(test, attribute, &mut add),
        }
    }
    if findings.is_empty() {
        // Of a rule that says something at all.
        findings = contradiction::findings(rule, schema);
    }
    findings
}

fn values(test: &Test, attribute: &Attribute, add: &mut dyn FnMut(Part, String)) {
    let label = test.operator.label();
    match (test.operator.value_kind(), test.values.len()) {
        (ValueKind::None, 0) | (ValueKind::One, 1) => {}
        (ValueKind::None, _) => return add(Part::Value, format!("\"{label}\" takes no value; leave it out")),
        (ValueKind::One, _) => return add(Part::Value, format!("\"{label}\" takes exactly one value")),
        (ValueKind::List, 0) => return add(Part::Value, format!("\"{label}\" needs at least one value")),
        (ValueKind::List, count) if count > MAX_VALUES => return add(Part::Value, too_many_values(count)),
        (ValueKind::List, _) => {}
    }
    for (index, value) in test.values.iter().enumerate() {
        if let Some(message) = value_fault(value, test, attribute) {
            let part = if test.operator.value_kind() == ValueKind::List { Part::ValueAt(index) } else { Part::Value };
            add(part, message);
        }
    }
}

fn value_fault(value: &str, test: &Test, attribute: &Attribute) -> Option<String> {
    let operator = test.operator;
    if value.trim().is_empty() {
        return Some("the value is empty; write the value to compare with, or use \"is empty\"".to_owned());
    }
    if let Some(message) = text_fault(value) {
        return Some(message);
    }
    if operator.is_timed() {
        return duration::duration(value).is_none().then(|| duration::HOW.to_owned());
    }
    if matches!(operator, Operator::Matches | Operator::NotMatches) {
        return pattern::compile(value, test.case_sensitive).err();
    }
    let label = &attribute.label;
    match &attribute.kind {
        // Whether such a group exists is known where groups are kept.
        AttributeType::Text | AttributeType::Group => None,
        AttributeType::Enumeration(known) => {
            let is_known = known.iter().any(|known| known.eq_ignore_ascii_case(value));
            (!is_known).then(|| format!("{label} has no value {value:?}; it is one of {}", known.join(", ")))
        }
        AttributeType::Number if number(value).is_none() => {
            Some(format!("{label} is a number; {value:?} is none (write it as 42 or -1.5)"))
        }
        // Equality compares text, and "007" is no text of the number 7.
        AttributeType::Number if is_equality(operator) && !is_plain_number(value) => {
            Some(format!("write the number {value:?} without a plus sign, an exponent or idle zeros"))
        }
        AttributeType::Bool if !matches!(value, "true" | "false") => Some(format!("{label} is \"true\" or \"false\"")),
        AttributeType::Date if date(value).is_none() => {
            Some(format!("{label} is a date; write it as 2024-01-31 or 2024-01-31T09:00:00Z"))
        }
        AttributeType::Number | AttributeType::Bool | AttributeType::Date => None,
    }
}

/// What no value may be, whatever its attribute.
pub(crate) fn text_fault(value: &str) -> Option<String> {
    if value.len() > MAX_VALUE_CHARS && value.chars().count() > MAX_VALUE_CHARS {
        return Some(format!("the value is longer than {MAX_VALUE_CHARS} characters"));
    }
    // PostgreSQL cannot keep it, and no attribute holds it.
    value.contains('\0').then(|| "the value contains the character U+0000; remove it".to_owned())
}

pub(crate) fn too_many_values(count: usize) -> String {
    format!("{count} values are too many; at most {MAX_VALUES}: split them over several conditions joined by \"or\"")
}

fn is_equality(operator: Operator) -> bool {
    matches!(operator, Operator::Equals | Operator::NotEquals | Operator::In | Operator::NotIn)
}

fn is_plain_number(value: &str) -> bool {
    value.parse::<i128>().is_ok_and(|n| n.to_string() == value) || number(value).is_some_and(|n| n.to_string() == value)
}

fn does_not_apply(operator: Operator, attribute: &Attribute) -> String {
    let labels: Vec<_> = attribute.kind.operators().iter().map(|operator| operator.label()).collect();
    format!(
        "\"{}\" does not apply to {} (type {}); use one of: {}",
        operator.label(),
        attribute.label,
        attribute.kind.name(),
        labels.join(", ")
    )
}

fn unknown(name: &str, schema: &Schema) -> String {
    let shown: String = name.chars().take(100).collect();
    let near = schema.attributes().iter().find(|known| is_near(&known.name, name) || is_near(&known.label, name));
    match near {
        Some(near) => format!("unknown attribute {shown:?}; did you mean {:?}?", near.name),
        None if name.is_empty() => "the field is empty; name the attribute to test".to_owned(),
        None => format!("unknown attribute {shown:?}; a custom attribute is written attributes.NAME"),
    }
}

/// The same but for case, or one letter off (wrong, missing or too many).
fn is_near(known: &str, written: &str) -> bool {
    if known.eq_ignore_ascii_case(written) {
        return true;
    }
    let (known, written): (Vec<_>, Vec<_>) = (known.chars().collect(), written.chars().take(200).collect());
    let front = known.iter().zip(&written).take_while(|(a, b)| a == b).count();
    let (known, written) = (&known[front..], &written[front..]);
    let back = known.iter().rev().zip(written.iter().rev()).take_while(|(a, b)| a == b).count();
    front + back > 2 && known.len() - back <= 1 && written.len() - back <= 1
}
