//! A rule made ready: what can be worked out once per rule (folded values, patterns, numbers) is, so that asking it of a
//! subject costs little more than reading the subject's values. Answers what [`crate::evaluate`] answers.

use std::borrow::Cow;
use std::cmp::Ordering;

use regex::Regex;

use crate::compare::{date, folded, number, order};
use crate::duration::{duration, stands};
use crate::evaluate::Moment;
use crate::limits::MAX_DEPTH;
use crate::schema::has_several;
use crate::{Node, Operator, Rule, Subject, Test, pattern};

/// A rule made ready to be asked of many subjects.
#[derive(Debug, Clone)]
pub struct Program {
    step: Step,
    timed: bool,
}

#[derive(Debug, Clone)]
enum Step {
    All(Box<[Step]>),
    Any(Box<[Step]>),
    None(Box<[Step]>),
    Test(Box<Ready>),
}

/// A test with its values made ready.
#[derive(Debug, Clone)]
pub(crate) struct Ready {
    pub attribute: String,
    operator: Operator,
    exact: bool,
    wanted: Wanted,
}

#[derive(Debug, Clone)]
enum Wanted {
    Nothing,
    /// Folded unless the test is exact.
    Texts(Box<[String]>),
    /// As written, with what it is as a number and as a time.
    Bounds(Box<[Bound]>),
    Patterns(Box<[Regex]>),
    /// Nanoseconds.
    Lengths(Box<[i128]>),
}

#[derive(Debug, Clone)]
struct Bound {
    written: String,
    whole: Option<i128>,
    number: Option<f64>,
    date: Option<i128>,
}

impl Program {
    /// Makes a rule ready. A test whose value cannot be read (`check` refuses it) is met by nobody.
    #[must_use]
    pub fn new(rule: &Rule) -> Self {
        let timed = rule.tests().iter().any(|test| test.operator.is_timed());
        Self { step: step(&rule.node, MAX_DEPTH), timed }
    }

    /// Whether the subject matches now.
    #[must_use]
    pub fn matches(&self, subject: &dyn Subject, now: Moment) -> bool {
        holds(&self.step, subject, now)
    }

    /// Whether time alone may change the answer.
    #[must_use]
    pub fn is_timed(&self) -> bool {
        self.timed
    }
}

fn step(node: &Node, levels_left: usize) -> Step {
    match node {
        Node::Test(test) => Step::Test(Box::new(Ready::new(test))),
        // Nobody, as in `evaluate`.
        Node::All(_) | Node::Any(_) | Node::None(_) if levels_left == 0 => Step::Any(Box::default()),
        Node::All(children) => Step::All(steps(children, levels_left)),
        Node::Any(children) => Step::Any(steps(children, levels_left)),
        Node::None(children) => Step::None(steps(children, levels_left)),
    }
}

fn steps(children: &[Node], levels_left: usize) -> Box<[Step]> {
    children.iter().map(|child| step(child, levels_left - 1)).collect()
}

fn holds(step: &Step, subject: &dyn Subject, now: Moment) -> bool {
    match step {
        Step::All(children) => children.iter().all(|child| holds(child, subject, now)),
        Step::Any(children) => children.iter().any(|child| holds(child, subject, now)),
        Step::None(children) => !children.iter().any(|child| holds(child, subject, now)),
        Step::Test(test) => test.holds(subject, now),
    }
}

impl Ready {
    pub(crate) fn new(test: &Test) -> Self {
        let exact = test.case_sensitive;
        let wanted = match test.operator {
            Operator::IsEmpty | Operator::IsNotEmpty => Wanted::Nothing,
            Operator::MemberOf | Operator::NotMemberOf => Wanted::Texts(test.values.iter().cloned().collect()),
            Operator::GreaterThan | Operator::GreaterOrEqual | Operator::LessThan | Operator::LessOrEqual => {
                Wanted::Bounds(test.values.iter().map(|value| Bound::new(value)).collect())
            }
            Operator::Matches | Operator::NotMatches => {
                Wanted::Patterns(test.values.iter().filter_map(|p| pattern::compile(p, exact).ok()).collect())
            }
            Operator::WithinLast | Operator::LongerAgo | Operator::WithinNext => {
                Wanted::Lengths(test.values.iter().filter_map(|length| duration(length)).collect())
            }
            _ => Wanted::Texts(test.values.iter().map(|value| folded(value, exact).into_owned()).collect()),
        };
        Self { attribute: test.attribute.clone(), operator: test.operator, exact, wanted }
    }

    fn holds(&self, subject: &dyn Subject, now: Moment) -> bool {
        if has_several(&self.attribute) {
            return self.of_several(&subject.values(&self.attribute), now);
        }
        self.of(subject.value(&self.attribute).as_deref(), now)
    }

    /// The outcome for one value, or for none.
    pub(crate) fn of(&self, value: Option<&str>, now: Moment) -> bool {
        let value = value.filter(|value| !value.trim().is_empty());
        match self.operator {
            Operator::IsEmpty => value.is_none(),
            Operator::IsNotEmpty => value.is_some(),
            operator => value.is_some_and(|value| self.meets(value, now)) != operator.is_negated(),
        }
    }

    /// The outcome for several values.
    pub(crate) fn of_several(&self, values: &[Cow<'_, str>], now: Moment) -> bool {
        let mut values = values.iter().filter(|value| !value.trim().is_empty());
        match self.operator {
            Operator::IsEmpty => values.next().is_none(),
            Operator::IsNotEmpty => values.next().is_some(),
            operator => values.any(|value| self.meets(value, now)) != operator.is_negated(),
        }
    }

    fn meets(&self, value: &str, now: Moment) -> bool {
        match &self.wanted {
            Wanted::Nothing => false,
            Wanted::Texts(texts) => self.meets_text(value, texts),
            Wanted::Bounds(bounds) => {
                let own = Bound::of(value);
                bounds.iter().any(|bound| is_beyond(self.operator, own.order(value, bound, self.exact)))
            }
            Wanted::Patterns(patterns) => patterns.iter().any(|pattern| pattern.is_match(value)),
            Wanted::Lengths(lengths) => {
                lengths.iter().any(|length| stands(self.operator, value, *length, now.nanoseconds()))
            }
        }
    }

    fn meets_text(&self, value: &str, texts: &[String]) -> bool {
        if matches!(self.operator, Operator::MemberOf | Operator::NotMemberOf) {
            return texts.iter().any(|text| value == text);
        }
        let equality = matches!(self.operator, Operator::Equals | Operator::NotEquals | Operator::In | Operator::NotIn);
        // Most values are ASCII and need no copy to be compared.
        if equality && !self.exact && value.is_ascii() {
            return texts.iter().any(|text| value.len() == text.len() && value.eq_ignore_ascii_case(text));
        }
        let is_ascii = !self.exact && value.is_ascii();
        let is = |part: Option<&[u8]>, text: &str| part.is_some_and(|part| part.eq_ignore_ascii_case(text.as_bytes()));
        match self.operator {
            Operator::StartsWith | Operator::NotStartsWith if is_ascii => {
                return texts.iter().any(|text| is(value.as_bytes().get(..text.len()), text));
            }
            Operator::EndsWith | Operator::NotEndsWith if is_ascii => {
                let tail = |text: &str| value.as_bytes().get(value.len().checked_sub(text.len())?..);
                return texts.iter().any(|text| is(tail(text), text));
            }
            _ => {}
        }
        let value = folded(value, self.exact);
        match self.operator {
            Operator::Contains | Operator::NotContains => texts.iter().any(|text| value.contains(text.as_str())),
            Operator::StartsWith | Operator::NotStartsWith => texts.iter().any(|text| value.starts_with(text.as_str())),
            Operator::EndsWith | Operator::NotEndsWith => texts.iter().any(|text| value.ends_with(text.as_str())),
            _ => texts.iter().any(|text| *value == **text),
        }
    }
}

fn is_beyond(operator: Operator, order: Ordering) -> bool {
    match operator {
        Operator::GreaterThan => order.is_gt(),
        Operator::GreaterOrEqual => order.is_ge(),
        Operator::LessThan => order.is_lt(),
        _ => order.is_le(),
    }
}

/// What a value is besides its text.
struct Kinds {
    whole: Option<i128>,
    number: Option<f64>,
    date: Option<i128>,
}

impl Bound {
    fn new(written: &str) -> Self {
        let Kinds { whole, number, date } = Self::of(written);
        Self { written: written.to_owned(), whole, number, date }
    }

    fn of(text: &str) -> Kinds {
        Kinds { whole: text.parse().ok(), number: number(text), date: date(text) }
    }
}

impl Kinds {
    /// As `compare::order` has it.
    fn order(&self, value: &str, bound: &Bound, exact: bool) -> Ordering {
        match (self.whole, bound.whole, self.number, bound.number, self.date, bound.date) {
            (Some(a), Some(b), ..) => a.cmp(&b),
            (_, _, Some(a), Some(b), ..) => a.total_cmp(&b),
            (_, _, _, _, Some(a), Some(b)) => a.cmp(&b),
            _ => order(value, &bound.written, exact),
        }
    }
}
