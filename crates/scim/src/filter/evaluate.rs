//! Evaluating a filter on a resource or on one value of a multi-valued attribute.
//!
//! An attribute without a value is unequal to everything but `null`. Of a multi-valued attribute one value must fit
//! (RFC 7644 section 3.4.2.2). What may never be returned (a password) has no value here either: a filter must not
//! become an oracle.

use serde_json::{Map, Value};

use super::compare::holds;
use super::{Filter, Literal, Operator};
use crate::path::AttributePath;
use crate::schema::{Attribute, Definition, Returned, member};

impl Filter {
    /// Whether the resource fits.
    #[must_use]
    pub fn matches(&self, resource: &Map<String, Value>, definition: &Definition) -> bool {
        walk(self, &Subject::Resource(resource, definition))
    }

    /// Whether one value of a multi-valued attribute fits; paths are its sub-attributes, and `value` is the value itself
    /// where that is simple.
    #[must_use]
    pub fn matches_element(&self, element: &Value, attribute: Option<&Attribute>) -> bool {
        walk(self, &Subject::Element(element, attribute))
    }
}

/// What a filter is asked of.
enum Subject<'a> {
    Resource(&'a Map<String, Value>, &'a Definition),
    Element(&'a Value, Option<&'a Attribute>),
}

fn walk(filter: &Filter, subject: &Subject<'_>) -> bool {
    match filter {
        Filter::And(parts) => parts.iter().all(|p| walk(p, subject)),
        Filter::Or(parts) => parts.iter().any(|p| walk(p, subject)),
        Filter::Not(inner) => !walk(inner, subject),
        Filter::Present(path) => subject.values(path).0.into_iter().any(is_present),
        Filter::Elements { path, filter } => {
            let (values, attribute) = subject.values(path);
            values.into_iter().any(|v| walk(filter, &Subject::Element(v, attribute)))
        }
        Filter::Test { path, operator, value } => {
            let (values, attribute) = subject.values(path);
            let mut there = values.into_iter().filter(|v| !v.is_null()).peekable();
            match (there.peek().is_some(), operator, value) {
                (present, Operator::Eq, Literal::Null) => !present,
                (present, Operator::Ne, Literal::Null) => present,
                (false, Operator::Ne, _) => true,
                (_, _, Literal::Null) => false,
                _ => there.any(|v| holds(v, *operator, value, attribute)),
            }
        }
    }
}

/// Whether there is something: no empty text, list or object.
fn is_present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => items.iter().any(is_present),
        Value::Object(members) => members.values().any(is_present),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

impl<'a> Subject<'a> {
    /// The values at the path, lists opened, and the attribute that they are of.
    fn values(&self, path: &AttributePath) -> (Vec<&'a Value>, Option<&'a Attribute>) {
        match self {
            Self::Element(element, attribute) => {
                let leaf = attribute.and_then(|a| a.sub(&path.attribute));
                if leaf.is_some_and(|l| l.returned == Returned::Never) {
                    return (Vec::new(), leaf);
                }
                match element {
                    Value::Object(members) => (opened(member(members, &path.attribute)), leaf),
                    simple if path.attribute.eq_ignore_ascii_case("value") => (vec![*simple], leaf.or(*attribute)),
                    _ => (Vec::new(), leaf),
                }
            }
            Self::Resource(resource, definition) => {
                let located = definition.locate(path);
                let leaf = located.as_ref().map(|l| l.leaf());
                let hidden = |l: &crate::schema::Located<'_>| {
                    l.attribute.returned == Returned::Never || l.leaf().returned == Returned::Never
                };
                if located.as_ref().is_some_and(hidden) {
                    return (Vec::new(), leaf);
                }
                let values = opened(definition.attribute_of(resource, path));
                match &path.sub {
                    None => (values, leaf),
                    Some(sub) => {
                        let of = |v: &'a Value| v.as_object().map_or_else(Vec::new, |m| opened(member(m, sub)));
                        (values.into_iter().flat_map(of).collect(), leaf)
                    }
                }
            }
        }
    }
}

fn opened(value: Option<&Value>) -> Vec<&Value> {
    match value {
        None => Vec::new(),
        Some(Value::Array(items)) => items.iter().collect(),
        Some(one) => vec![one],
    }
}
