//! Whether a subject matches a rule, as fast as can be: it stops at the first clause that settles it.
//!
//! A missing value and a blank one are the same. Of a missing value every positive operator is false and every negated
//! one (`not equals`, `not in`, `does not contain`) true: "department not equals Sales" holds of a person without a
//! department. A bound (`greater than`) is never met by a missing value.

use std::borrow::Cow;

use crate::compare::{equal, folded, order};
use crate::limits::MAX_DEPTH;
use crate::{Node, Operator, Rule, Test};

/// Whatever a rule is about: it answers for its attributes by canonical name.
pub trait Subject {
    /// The value as text; `None` where there is none or the attribute is unknown. A boolean is `true` or `false`, a
    /// time RFC 3339.
    fn value(&self, attribute: &str) -> Option<Cow<'_, str>>;
}

/// Whether the subject matches. A tree built by hand deeper than the limit matches nobody below it.
pub fn evaluate(rule: &Rule, subject: &dyn Subject) -> bool {
    holds(&rule.node, subject, MAX_DEPTH)
}

fn holds(node: &Node, subject: &dyn Subject, levels_left: usize) -> bool {
    match node {
        Node::Test(test) => matches(test, subject.value(&test.attribute).as_deref()),
        Node::All(_) | Node::Any(_) | Node::None(_) if levels_left == 0 => false,
        Node::All(children) => children.iter().all(|child| holds(child, subject, levels_left - 1)),
        Node::Any(children) => children.iter().any(|child| holds(child, subject, levels_left - 1)),
        Node::None(children) => !children.iter().any(|child| holds(child, subject, levels_left - 1)),
    }
}

/// One test against the value it sees.
pub(crate) fn matches(test: &Test, value: Option<&str>) -> bool {
    let value = value.filter(|value| !value.trim().is_empty());
    match test.operator {
        Operator::IsEmpty => value.is_none(),
        Operator::IsNotEmpty => value.is_some(),
        Operator::NotEquals
        | Operator::NotIn
        | Operator::NotContains
        | Operator::NotStartsWith
        | Operator::NotEndsWith => !value.is_some_and(|value| meets(test, value)),
        _ => value.is_some_and(|value| meets(test, value)),
    }
}

/// Whether some value of the test is met; for a negated operator, of what it negates.
fn meets(test: &Test, value: &str) -> bool {
    let exact = test.case_sensitive;
    let mut wanted = test.values.iter().map(String::as_str);
    match test.operator {
        Operator::Equals | Operator::NotEquals | Operator::In | Operator::NotIn => {
            wanted.any(|wanted| equal(value, wanted, exact))
        }
        Operator::Contains | Operator::NotContains => {
            let value = folded(value, exact);
            wanted.any(|wanted| value.contains(&*folded(wanted, exact)))
        }
        Operator::StartsWith | Operator::NotStartsWith => {
            let value = folded(value, exact);
            wanted.any(|wanted| value.starts_with(&*folded(wanted, exact)))
        }
        Operator::EndsWith | Operator::NotEndsWith => {
            let value = folded(value, exact);
            wanted.any(|wanted| value.ends_with(&*folded(wanted, exact)))
        }
        Operator::GreaterThan => wanted.any(|bound| order(value, bound, exact).is_gt()),
        Operator::GreaterOrEqual => wanted.any(|bound| order(value, bound, exact).is_ge()),
        Operator::LessThan => wanted.any(|bound| order(value, bound, exact).is_lt()),
        Operator::LessOrEqual => wanted.any(|bound| order(value, bound, exact).is_le()),
        Operator::IsEmpty | Operator::IsNotEmpty => false,
    }
}
