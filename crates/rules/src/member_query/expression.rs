//! Conditions as text: one, `department:$eq:Sales` (a name, an operator and the rest of the text as the value), and a whole
//! rule in the language of rules.

use serde_json::{Value, json};

use super::names;
use super::reading::{Place, Reading, Shape};
use crate::operator::CASE_SENSITIVE;
use crate::{Node, Rule, Test, ValueKind, language};

pub(super) fn read(text: &str, path: &str, reading: &mut Reading) -> Option<Test> {
    if !reading.has_room(path) {
        return None;
    }
    let Some((field, rest)) = text.split_once(":$") else {
        return reading.refuse(path, "a condition must be written field:$operator:value, such as department:$eq:Sales");
    };
    let (operator, value) = match rest.split_once(':') {
        Some((operator, value)) => (operator, Some(Value::from(value))),
        None => (rest, None),
    };
    let attribute = reading.attribute(field, path);
    let operator = reading.operator(operator, path);
    let (attribute, (operator, case_sensitive)) = (attribute?, operator?);
    let (operator, values) = reading.values(operator, value.as_ref(), path)?;
    let place = Place { path: path.to_owned(), shape: Shape::Text };
    Some(reading.test(attribute, operator, values, case_sensitive, place))
}

/// A rule in the language of rules.
pub(super) fn read_text(value: &Value, reading: &mut Reading) -> Option<Node> {
    const PATH: &str = "memberQuery.expression";
    let Value::Object(members) = value else { return reading.refuse("memberQuery", "memberQuery must be an object") };
    reading.only(members, &["queryType", "expression"], "memberQuery");
    let Some(Value::String(text)) = members.get("expression") else {
        return reading.refuse(PATH, "expression is required: a text such as department equals \"Sales\"");
    };
    match language::parse(text) {
        Ok(rule) => {
            for _ in rule.tests() {
                reading.place(Place { path: PATH.to_owned(), shape: Shape::Text });
            }
            Some(rule.node)
        }
        Err(fault) => {
            let character = text.get(..fault.at.start).map_or(0, |before| before.chars().count()) + 1;
            reading.refuse(PATH, format!("at character {character}: {}", fault.message))
        }
    }
}

pub(super) fn write_text(rule: &Rule) -> Value {
    json!({"queryType": "Expression", "expression": language::write(rule)})
}

pub(super) fn write(test: &Test) -> String {
    let field = names::in_expression(&test.attribute);
    let operator = operator_name(test, test.operator.short_name());
    match test.operator.value_kind() {
        ValueKind::None => format!("{field}:${operator}"),
        ValueKind::One | ValueKind::List => format!("{field}:${operator}:{}", test.values.join("|")),
    }
}

/// The operator's name as given, marked where case counts.
pub(super) fn operator_name(test: &Test, name: &str) -> String {
    if test.case_sensitive { format!("{name}{CASE_SENSITIVE}") } else { name.to_owned() }
}
