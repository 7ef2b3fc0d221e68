//! What all four readers share: collecting problems and places, reading members, operators and values.

use serde_json::{Map, Value};

use super::names;
use crate::check::{text_fault, too_many_values};
use crate::limits::{MAX_TESTS, MAX_VALUES};
use crate::tree::too_many;
use crate::{Operator, Problem, Test, ValueKind};

/// Where a test was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub path: String,
    pub shape: Shape,
}

/// How a test was written there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// One text, `department:$eq:Sales`.
    Text,
    /// An object; `operator` is that member's name.
    Members { operator: &'static str, is_list: bool },
}

/// A query of a megabyte of nonsense is answered with this many faults, not with all.
const MAX_PROBLEMS: usize = 50;

/// One reading of a query: what was wrong, and where its tests were.
#[derive(Debug)]
pub(super) struct Reading {
    problems: Vec<Problem>,
    places: Vec<Place>,
    tests: usize,
}

impl Reading {
    pub fn new() -> Self {
        Self { problems: Vec::new(), places: Vec::new(), tests: 0 }
    }

    pub fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    pub fn into_places(self) -> Vec<Place> {
        self.places
    }

    /// Notes a problem; in the place of a result.
    pub fn refuse<T>(&mut self, path: impl Into<String>, message: impl Into<String>) -> Option<T> {
        self.refuse_with(Problem::new(path, message))
    }

    pub fn refuse_with<T>(&mut self, problem: Problem) -> Option<T> {
        self.problems.push(problem);
        None
    }

    /// Counts one more test; false, with one problem, from the first that is too many.
    pub fn has_room(&mut self, path: &str) -> bool {
        self.tests += 1;
        if self.tests == MAX_TESTS + 1 {
            self.problems.push(too_many(path));
        }
        self.tests <= MAX_TESTS
    }

    /// Whether reading on is of no use: there are too many tests, or so many faults that no one reads them all.
    pub fn is_full(&self) -> bool {
        self.tests > MAX_TESTS || self.problems.len() >= MAX_PROBLEMS
    }

    /// Refuses the first member that is none of these.
    pub fn only(&mut self, members: &Map<String, Value>, allowed: &[&str], path: &str) {
        if let Some(name) = members.keys().find(|name| !allowed.contains(&name.as_str())) {
            let shown: String = name.chars().take(100).collect();
            let message = format!("unknown member {shown:?}; allowed are {}", allowed.join(", "));
            self.problems.push(Problem::new(path, message));
        }
    }

    /// A required array.
    pub fn array<'v>(&mut self, members: &'v Map<String, Value>, name: &str, path: &str) -> Option<&'v [Value]> {
        match members.get(name) {
            Some(Value::Array(elements)) => Some(elements),
            Some(_) => self.refuse(format!("{path}.{name}"), format!("{name} must be an array")),
            None => self.refuse(format!("{path}.{name}"), format!("{name} is required: an array of conditions")),
        }
    }

    /// A condition written as an object of field, operator and value.
    pub fn condition(&mut self, value: &Value, path: &str, operator_member: &'static str) -> Option<Test> {
        if !self.has_room(path) {
            return None;
        }
        let Value::Object(members) = value else {
            return self.refuse(path, format!("a condition must be an object with field, {operator_member} and value"));
        };
        self.only(members, &["field", operator_member, "value"], path);
        let field = self.text(members, "field", path);
        let operator = self.text(members, operator_member, path);
        let operator = operator.and_then(|name| self.operator(name, &format!("{path}.{operator_member}")));
        let attribute = field.and_then(|field| self.attribute(field, &format!("{path}.field")));
        let (attribute, (operator, case_sensitive)) = (attribute?, operator?);
        let (operator, values) = self.values(operator, members.get("value"), &format!("{path}.value"))?;
        let is_list = matches!(members.get("value"), Some(Value::Array(_)));
        let shape = Shape::Members { operator: operator_member, is_list };
        Some(self.test(attribute, operator, values, case_sensitive, Place { path: path.to_owned(), shape }))
    }

    /// The finished test, with its place noted.
    pub fn test(&mut self, attribute: String, operator: Operator, values: Vec<String>, exact: bool, at: Place) -> Test {
        self.places.push(at);
        let attribute = match operator {
            Operator::MemberOf | Operator::NotMemberOf => names::groups_of(&attribute),
            _ => attribute,
        };
        let values = values.into_iter().map(|value| names::canonical_value(&attribute, value)).collect();
        Test { attribute, operator, values, case_sensitive: exact }
    }

    /// Notes where the next test was written.
    pub fn place(&mut self, at: Place) {
        self.places.push(at);
    }

    pub fn attribute(&mut self, written: &str, path: &str) -> Option<String> {
        match text_fault(written) {
            Some(_) => self.refuse(path, "this is no attribute's name: too long, or with the character U+0000"),
            None => Some(names::canonical(written)),
        }
    }

    pub fn operator(&mut self, written: &str, path: &str) -> Option<(Operator, bool)> {
        let read = Operator::read(written);
        if read.is_some() {
            return read;
        }
        let shown: String = written.chars().take(100).collect();
        let known: Vec<_> = Operator::ALL.iter().map(|operator| operator.name()).collect();
        self.refuse(path, format!("unknown operation {shown:?}; use one of: {}", known.join(", ")))
    }

    /// The values of a test. An operator without a value may be given `true`, or `false` to mean its opposite.
    pub fn values(&mut self, operator: Operator, value: Option<&Value>, path: &str) -> Option<(Operator, Vec<String>)> {
        let label = operator.label();
        let values = match (operator.value_kind(), value) {
            (ValueKind::None, value) => return self.no_value(operator, value, path),
            (_, None | Some(Value::Null)) => return self.refuse(path, format!("value is required by \"{label}\"")),
            (ValueKind::List, Some(Value::Array(elements))) if elements.len() > MAX_VALUES => {
                return self.refuse(path, too_many_values(elements.len()));
            }
            (ValueKind::List, Some(Value::Array(elements))) => self.scalars(elements, path)?,
            (ValueKind::List, Some(Value::String(text))) => text.split('|').map(str::to_owned).collect(),
            (_, Some(value)) => match scalar(value) {
                Some(value) => vec![value],
                None => {
                    return self
                        .refuse(path, format!("\"{label}\" takes one text, number or truth; for several use in"));
                }
            },
        };
        if values.len() > MAX_VALUES {
            return self.refuse(path, too_many_values(values.len()));
        }
        if let Some(message) = values.iter().find_map(|value| text_fault(value)) {
            return self.refuse(path, message);
        }
        Some((operator, values))
    }

    fn no_value(&mut self, operator: Operator, value: Option<&Value>, path: &str) -> Option<(Operator, Vec<String>)> {
        let is_true = match value {
            None | Some(Value::Null) => true,
            Some(Value::Bool(truth)) => *truth,
            Some(Value::Array(elements)) if elements.is_empty() => true,
            Some(Value::String(text)) if matches!(text.as_str(), "" | "true" | "false") => text != "false",
            Some(_) => return self.refuse(path, format!("\"{}\" takes no value; leave it out", operator.label())),
        };
        let operator = if is_true { operator } else { operator.negation().unwrap_or(operator) };
        Some((operator, Vec::new()))
    }

    fn scalars(&mut self, elements: &[Value], path: &str) -> Option<Vec<String>> {
        let mut values = Vec::with_capacity(elements.len());
        for (index, element) in elements.iter().enumerate() {
            match scalar(element) {
                Some(value) => values.push(value),
                None => return self.refuse(format!("{path}[{index}]"), "a value must be a text, a number or a truth"),
            }
        }
        Some(values)
    }

    fn text<'v>(&mut self, members: &'v Map<String, Value>, name: &str, path: &str) -> Option<&'v str> {
        match members.get(name) {
            Some(Value::String(text)) => Some(text),
            Some(_) => self.refuse(format!("{path}.{name}"), format!("{name} must be a string")),
            None => self.refuse(format!("{path}.{name}"), format!("{name} is required")),
        }
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
