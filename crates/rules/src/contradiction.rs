//! Conditions that cannot hold together: a rule with such a part says something else than was meant.

use std::borrow::Cow;

use crate::check::{Finding, Part};
use crate::compare::order;
use crate::evaluate::{Moment, matches};
use crate::limits::MAX_DEPTH;
use crate::schema::has_several;
use crate::{Node, Operator, Rule, Schema, Test};

/// The tests that leave no value for their attribute together with those that stand beside them, by number in written
/// order. Only tests joined by "and" are looked at, one attribute at a time: what is found is certain, what is not may
/// still match nobody.
pub(crate) fn findings(rule: &Rule, schema: &Schema) -> Vec<Finding> {
    let mut out = Vec::new();
    let mut next = 0;
    node(&rule.node, &mut next, MAX_DEPTH, schema, &mut out);
    out
}

/// Walks in written order, counting tests.
fn node(of: &Node, next: &mut usize, levels_left: usize, schema: &Schema, out: &mut Vec<Finding>) {
    if levels_left == 0 {
        return;
    }
    match of {
        Node::Test(test) => {
            alone(*next, test, schema, out);
            *next += 1;
        }
        Node::All(children) => {
            let mut joined = Vec::new();
            gather(children, &mut { *next }, levels_left, &mut joined);
            together(&joined, out);
            children.iter().for_each(|child| node(child, next, levels_left - 1, schema, out));
        }
        Node::Any(children) | Node::None(children) => {
            children.iter().for_each(|child| node(child, next, levels_left - 1, schema, out));
        }
    }
}

/// The tests that "and" joins here, those of nested "and"s too.
fn gather<'r>(children: &'r [Node], next: &mut usize, levels_left: usize, out: &mut Vec<(usize, &'r Test)>) {
    for child in children {
        match child {
            Node::Test(test) => {
                out.push((*next, test));
                *next += 1;
            }
            Node::All(nested) if levels_left > 0 => gather(nested, next, levels_left - 1, out),
            other => *next += count(other),
        }
    }
}

fn count(root: &Node) -> usize {
    let mut open = vec![root];
    let mut tests = 0;
    while let Some(node) = open.pop() {
        match node {
            Node::Test(_) => tests += 1,
            Node::All(children) | Node::Any(children) | Node::None(children) => open.extend(children),
        }
    }
    tests
}

/// An enumeration of which every value is excluded.
fn alone(number: usize, test: &Test, schema: &Schema, out: &mut Vec<Finding>) {
    let known = schema.find(&test.attribute).and_then(|attribute| attribute.kind.values());
    if test.operator != Operator::NotIn
        || known.is_none_or(|known| known.iter().any(|v| matches(test, &[Cow::Borrowed(*v)], NOW)))
    {
        return;
    }
    // A person without the value would match, but of an enumeration everyone has one.
    let message = format!("{} has no value besides these: nobody can match", test.attribute);
    out.push(Finding { test: number, part: Part::Value, message });
}

/// Tests without a clock answer the same at any time.
const NOW: Moment = Moment(0);

fn together(joined: &[(usize, &Test)], out: &mut Vec<Finding>) {
    for (i, (number, test)) in joined.iter().enumerate() {
        if has_several(&test.attribute) || test.operator.is_timed() {
            continue;
        }
        let beside = joined.iter().take(i).map(|(_, other)| *other);
        let beside: Vec<&Test> =
            beside.filter(|other| other.attribute == test.attribute && !other.operator.is_timed()).collect();
        if let Some(other) =
            beside.iter().find(|other| !can_both(other, test) && !out.iter().any(|f| f.test == *number))
        {
            let message = format!(
                "nobody can match: \"{} {}\" does not hold together with \"{} {}\"; join them by \"or\", or drop one",
                test.operator.label(),
                test.values.join(", "),
                other.operator.label(),
                other.values.join(", ")
            );
            out.push(Finding { test: *number, part: Part::Value, message });
        }
    }
}

/// Whether one value (or none) may meet both tests.
fn can_both(a: &Test, b: &Test) -> bool {
    for (this, other) in [(a, b), (b, a)] {
        match this.operator {
            Operator::IsEmpty => return matches(other, &[], NOW),
            Operator::Equals | Operator::In => {
                // Other spellings of the value may meet an exact test.
                if other.case_sensitive && !this.case_sensitive {
                    return true;
                }
                return this.values.iter().any(|value| matches(other, &[Cow::Borrowed(value.as_str())], NOW));
            }
            _ => {}
        }
    }
    let (low, high) = match (is_low(a.operator), is_low(b.operator)) {
        (Some(true), Some(false)) => (a, b),
        (Some(false), Some(true)) => (b, a),
        _ => return true,
    };
    let (Some(least), Some(most)) = (low.values.first(), high.values.first()) else { return true };
    let open = low.operator == Operator::GreaterThan || high.operator == Operator::LessThan;
    let order = order(least, most, low.case_sensitive && high.case_sensitive);
    order.is_lt() || (order.is_eq() && !open)
}

/// Whether it bounds from below (`true`) or from above.
fn is_low(operator: Operator) -> Option<bool> {
    match operator {
        Operator::GreaterThan | Operator::GreaterOrEqual => Some(true),
        Operator::LessThan | Operator::LessOrEqual => Some(false),
        _ => None,
    }
}
