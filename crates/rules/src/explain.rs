//! Why a subject matches a rule or does not: every clause, true or false, with the value it saw.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::evaluate::{Moment, matches, seen};
use crate::limits::MAX_DEPTH;
use crate::{Node, Rule, Subject, Test};

/// The rule's tree again, each node with its outcome: `{"matched":true,"all":[..]}` in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    pub matched: bool,
    #[serde(flatten)]
    pub reason: Reason,
}

/// What the outcome follows from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    All(Vec<Explanation>),
    Any(Vec<Explanation>),
    None(Vec<Explanation>),
    Test(Clause),
}

/// One test and the value it saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    #[serde(flatten)]
    pub test: Test,
    /// The subject's value, `None` if it has none; of several, up to [`MOST_SHOWN`], by commas.
    pub saw: Option<String>,
}

/// How many values of one attribute an explanation shows.
pub const MOST_SHOWN: usize = 10;

fn shown(values: &[Cow<'_, str>]) -> Option<String> {
    if values.is_empty() {
        return None;
    }
    let more = if values.len() > MOST_SHOWN { ", ..." } else { "" };
    Some(values.iter().take(MOST_SHOWN).map(AsRef::as_ref).collect::<Vec<_>>().join(", ") + more)
}

/// Evaluates every clause. `matched` is what [`crate::evaluate`] returns.
pub fn explain(rule: &Rule, subject: &dyn Subject, now: Moment) -> Explanation {
    outcome(&rule.node, subject, now, MAX_DEPTH)
}

fn outcome(node: &Node, subject: &dyn Subject, now: Moment, levels_left: usize) -> Explanation {
    match node {
        Node::Test(test) => {
            let values = seen(subject, test);
            let matched = matches(test, &values, now);
            let clause = Clause { test: test.clone(), saw: shown(&values) };
            Explanation { matched, reason: Reason::Test(clause) }
        }
        Node::All(children) => {
            let children = outcomes(children, subject, now, levels_left);
            let matched = levels_left > 0 && children.iter().all(|child| child.matched);
            Explanation { matched, reason: Reason::All(children) }
        }
        Node::Any(children) => {
            let children = outcomes(children, subject, now, levels_left);
            Explanation { matched: children.iter().any(|child| child.matched), reason: Reason::Any(children) }
        }
        Node::None(children) => {
            let children = outcomes(children, subject, now, levels_left);
            let matched = levels_left > 0 && !children.iter().any(|child| child.matched);
            Explanation { matched, reason: Reason::None(children) }
        }
    }
}

fn outcomes(children: &[Node], subject: &dyn Subject, now: Moment, levels_left: usize) -> Vec<Explanation> {
    if levels_left == 0 {
        return Vec::new();
    }
    children.iter().map(|child| outcome(child, subject, now, levels_left - 1)).collect()
}

impl Explanation {
    /// The clauses in the order in which they are written, each with its outcome.
    pub fn clauses(&self) -> Vec<(bool, &Clause)> {
        let mut clauses = Vec::new();
        let mut open = vec![self];
        while let Some(explanation) = open.pop() {
            match &explanation.reason {
                Reason::Test(clause) => clauses.push((explanation.matched, clause)),
                Reason::All(children) | Reason::Any(children) | Reason::None(children) => {
                    open.extend(children.iter().rev());
                }
            }
        }
        clauses
    }
}
