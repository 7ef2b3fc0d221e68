//! What may come next in a text that is being written.

use super::parse::{Expected, WRITTEN, read};
use super::write::{name, words};
use crate::{Operator, Schema, ValueKind};

/// The most that is offered.
const MOST: usize = 50;

/// Something to put into the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// Where it begins: what stands from here to the cursor is what it takes the place of.
    pub from: usize,
    /// What is put there.
    pub insert: String,
    /// Words for people, where they say more.
    pub label: String,
}

/// What may come at the cursor (a byte of the text, at the border of a character; else the end is meant).
#[must_use]
pub fn complete(text: &str, cursor: usize, schema: &Schema) -> Vec<Completion> {
    let before = text.get(..cursor).unwrap_or(text);
    let border = before.char_indices().rev().find(|(_, c)| c.is_whitespace() || *c == '(');
    let from = border.map_or(0, |(at, c)| at + c.len_utf8());
    let (head, typed) = before.split_at(from);
    let offered = match expected(head) {
        Expected::Condition => conditions(schema),
        Expected::Operator(attribute) => operators(schema, &attribute),
        Expected::Value(attribute, operator) => values(schema, &attribute, operator),
        Expected::Join => [("and", "and"), ("or", "or")].map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec(),
    };
    let typed = typed.to_lowercase();
    let fits = |text: &str| text.to_lowercase().starts_with(&typed);
    let fitting = offered.into_iter().filter(|(insert, label)| fits(insert) || fits(label));
    fitting.take(MOST).map(|(insert, label)| Completion { from, insert, label }).collect()
}

fn expected(head: &str) -> Expected {
    match read(head) {
        _ if head.trim().is_empty() => Expected::Condition,
        Ok(_) => Expected::Join,
        Err((_, expected)) => expected,
    }
}

type Offered = Vec<(String, String)>;

fn conditions(schema: &Schema) -> Offered {
    let attributes = schema.attributes().iter().map(|attribute| (name(&attribute.name), attribute.label.clone()));
    attributes.chain([("not".to_owned(), "not".to_owned())]).collect()
}

/// Those that apply; for an attribute that is not there, all.
fn operators(schema: &Schema, attribute: &str) -> Offered {
    let applying = schema.find(attribute).map_or(&Operator::ALL[..], |found| found.kind.operators());
    let is_written = |operator: &&Operator| WRITTEN.iter().any(|(_, written)| written == *operator);
    applying
        .iter()
        .filter(is_written)
        .map(|operator| (words(*operator).to_owned(), words(*operator).to_owned()))
        .collect()
}

fn values(schema: &Schema, attribute: &str, operator: Operator) -> Offered {
    let known = schema.find(attribute).and_then(|found| found.kind.values());
    let known = known.unwrap_or_default().into_iter().map(|value| (format!("\"{value}\""), value.to_owned()));
    if operator.value_kind() == ValueKind::None { Vec::new() } else { known.collect() }
}
