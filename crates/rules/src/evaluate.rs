//! Whether a subject matches a rule, as it is defined: the words of each operator, one test after the other. What has to be
//! fast ([`crate::Program`], [`crate::Columns`]) must answer the same; the property tests hold them to it.
//!
//! A missing value and a blank one are the same. Of a missing value every positive operator is false and every negated
//! one (`not equals`, `not in`, `does not contain`) true: "department not equals Sales" holds of a person without a
//! department. A bound (`greater than`) is never met by a missing value. Where an attribute has several values (a person's
//! devices, their managers), a positive operator holds if it holds of any, a negated one if the positive holds of none.

use std::borrow::Cow;

use crate::compare::{equal, folded, order};
use crate::duration::{duration, stands, turns};
use crate::limits::MAX_DEPTH;
use crate::{Node, Operator, Rule, Test, pattern};

/// Whatever a rule is about: it answers for its attributes by canonical name.
pub trait Subject {
    /// The value as text; `None` where there is none or the attribute is unknown. A boolean is `true` or `false`, a
    /// time RFC 3339. Of several values, the first.
    fn value(&self, attribute: &str) -> Option<Cow<'_, str>>;

    /// All values, of an attribute that can have several.
    fn values(&self, attribute: &str) -> Vec<Cow<'_, str>> {
        self.value(attribute).into_iter().collect()
    }
}

/// A moment, in microseconds since 1970 (UTC): the present that durations are measured from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub i64);

impl Moment {
    pub(crate) fn nanoseconds(self) -> i128 {
        i128::from(self.0) * 1_000
    }
}

/// Whether the subject matches now. A tree built by hand deeper than the limit matches nobody below it.
pub fn evaluate(rule: &Rule, subject: &dyn Subject, now: Moment) -> bool {
    holds(&rule.node, subject, now, MAX_DEPTH)
}

fn holds(node: &Node, subject: &dyn Subject, now: Moment, levels_left: usize) -> bool {
    match node {
        Node::Test(test) => matches(test, &seen(subject, test), now),
        Node::All(_) | Node::Any(_) | Node::None(_) if levels_left == 0 => false,
        Node::All(children) => children.iter().all(|child| holds(child, subject, now, levels_left - 1)),
        Node::Any(children) => children.iter().any(|child| holds(child, subject, now, levels_left - 1)),
        Node::None(children) => !children.iter().any(|child| holds(child, subject, now, levels_left - 1)),
    }
}

/// The values that a test is about, without blank ones.
pub(crate) fn seen<'s>(subject: &'s dyn Subject, test: &Test) -> Vec<Cow<'s, str>> {
    subject.values(&test.attribute).into_iter().filter(|value| !value.trim().is_empty()).collect()
}

/// One test against the values it sees.
pub(crate) fn matches(test: &Test, values: &[Cow<'_, str>], now: Moment) -> bool {
    match test.operator {
        Operator::IsEmpty => values.is_empty(),
        Operator::IsNotEmpty => !values.is_empty(),
        operator => values.iter().any(|value| meets(test, value, now)) != operator.is_negated(),
    }
}

/// Whether some value of the test is met; for a negated operator, of what it negates.
fn meets(test: &Test, value: &str, now: Moment) -> bool {
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
        Operator::Matches | Operator::NotMatches => {
            wanted.any(|wanted| pattern::compile(wanted, exact).is_ok_and(|pattern| pattern.is_match(value)))
        }
        Operator::WithinLast | Operator::LongerAgo | Operator::WithinNext => {
            wanted.filter_map(duration).any(|length| stands(test.operator, value, length, now.nanoseconds()))
        }
        // Ids of groups, which have one spelling.
        Operator::MemberOf | Operator::NotMemberOf => wanted.any(|wanted| value == wanted),
        Operator::IsEmpty | Operator::IsNotEmpty => false,
    }
}

/// The first moment after `now` at which time alone may change whether this subject matches; `None` where it never will.
pub fn next_turn(rule: &Rule, subject: &dyn Subject, now: Moment) -> Option<Moment> {
    let tests = rule.tests().into_iter();
    let timed = tests.filter(|test| test.operator.is_timed());
    let turn = |test: &Test| {
        let values = seen(subject, test);
        let lengths: Vec<i128> = test.values.iter().filter_map(|length| duration(length)).collect();
        let each = values.iter().flat_map(|value| lengths.iter().map(move |length| (value, *length)));
        each.filter_map(|(value, length)| turns(test.operator, value, length, now.nanoseconds())).min()
    };
    let first = timed.filter_map(turn).min()?;
    // Up to the next microsecond: a moment has no finer part, and must not come before the turn.
    let micros = first.div_euclid(1_000) + i128::from(first.rem_euclid(1_000) != 0);
    i64::try_from(micros).ok().map(Moment)
}
