//! Comparing one value with a literal (RFC 7644 table 3), by the attribute's type and `caseExact`.

use std::cmp::Ordering;

use serde_json::{Number, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Literal, Operator};
use crate::schema::{Attribute, Kind};

/// Whether the value, which is there, stands in this relation to the literal. A complex value is compared by its
/// `value`; values of different types are unequal and have no order.
pub(super) fn holds(value: &Value, operator: Operator, literal: &Literal, attribute: Option<&Attribute>) -> bool {
    if let Value::Object(members) = value {
        return members
            .get("value")
            .is_some_and(|v| holds(v, operator, literal, attribute.and_then(|a| a.sub("value"))));
    }
    let exact = attribute.is_some_and(|a| a.case_exact);
    let order = match (value, literal) {
        (Value::String(text), Literal::Text(other)) => {
            if let Some(order) = as_times(text, other, attribute) {
                return by_order(order, operator);
            }
            return texts(text, operator, other, exact);
        }
        (Value::String(text), Literal::Number(number)) => return texts(text, operator, &number.to_string(), exact),
        (Value::Number(number), Literal::Text(text)) => match serde_json::from_str::<Number>(text) {
            Ok(other) => numbers(number, &other),
            Err(_) => return operator == Operator::Ne,
        },
        (Value::Number(number), Literal::Number(other)) => numbers(number, other),
        (Value::Bool(truth), Literal::Bool(other)) => return truths(*truth, operator, *other),
        // Entra ID writes truths as texts.
        (Value::Bool(truth), Literal::Text(text)) => return texts(&truth.to_string(), operator, text, false),
        (Value::String(text), Literal::Bool(truth)) => return texts(text, operator, &truth.to_string(), false),
        _ => None,
    };
    order.map_or(operator == Operator::Ne, |order| by_order(order, operator))
}

/// Truths have no order (RFC 7644: `gt` and the like on them are an error, which [`super::check`] says).
fn truths(a: bool, operator: Operator, b: bool) -> bool {
    match operator {
        Operator::Eq => a == b,
        Operator::Ne => a != b,
        _ => false,
    }
}

fn by_order(order: Ordering, operator: Operator) -> bool {
    match operator {
        Operator::Eq => order.is_eq(),
        Operator::Ne => order.is_ne(),
        Operator::Gt => order.is_gt(),
        Operator::Ge => order.is_ge(),
        Operator::Lt => order.is_lt(),
        Operator::Le => order.is_le(),
        Operator::Co | Operator::Sw | Operator::Ew => false,
    }
}

fn numbers(a: &Number, b: &Number) -> Option<Ordering> {
    match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}

/// Two times, where the attribute is one.
fn as_times(text: &str, other: &str, attribute: Option<&Attribute>) -> Option<Ordering> {
    if attribute?.kind != Kind::DateTime {
        return None;
    }
    Some(time(text)?.cmp(&time(other)?))
}

/// A time of RFC 3339; without a zone it is UTC.
pub(crate) fn time(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc3339).ok().or_else(|| OffsetDateTime::parse(&format!("{text}Z"), &Rfc3339).ok())
}

fn texts(a: &str, operator: Operator, b: &str, exact: bool) -> bool {
    if !exact {
        if a.is_ascii() && b.is_ascii() {
            return ascii(a.as_bytes(), operator, b.as_bytes());
        }
        return texts(&a.to_lowercase(), operator, &b.to_lowercase(), true);
    }
    match operator {
        Operator::Co => a.contains(b),
        Operator::Sw => a.starts_with(b),
        Operator::Ew => a.ends_with(b),
        _ => by_order(a.cmp(b), operator),
    }
}

/// Without regard to case, without making lower-case copies: the common case of a scan.
fn ascii(a: &[u8], operator: Operator, b: &[u8]) -> bool {
    let same = |x: Option<&[u8]>| x.is_some_and(|x| x.eq_ignore_ascii_case(b));
    match operator {
        Operator::Eq => a.eq_ignore_ascii_case(b),
        Operator::Ne => !a.eq_ignore_ascii_case(b),
        Operator::Co => b.is_empty() || a.windows(b.len()).any(|w| w.eq_ignore_ascii_case(b)),
        Operator::Sw => same(a.get(..b.len())),
        Operator::Ew => same(a.len().checked_sub(b.len()).and_then(|from| a.get(from..))),
        _ => by_order(a.iter().map(u8::to_ascii_lowercase).cmp(b.iter().map(u8::to_ascii_lowercase)), operator),
    }
}
