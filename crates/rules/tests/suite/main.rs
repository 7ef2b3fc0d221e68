//! Tests of the rules crate, a module per source file; `properties` holds what must be true of every rule.
#![allow(clippy::unwrap_used, reason = "a test that unwraps wrongly fails, as it should")]

mod check;
mod contradiction;
mod evaluate;
mod explain;
mod language;
mod member_query;
mod operator;
mod pattern;
mod properties;
mod timed;
mod tree;

use std::borrow::Cow;
use std::collections::BTreeMap;

use muster_rules::{MemberQuery, Moment, Operator, Problem, Rule, Schema, Subject};
use serde_json::Value;

/// 2024-02-01, for rules that do not look at the time.
pub const NOW: Moment = Moment(1_706_745_600_000_000);

/// A subject that is a list of names and values.
#[derive(Debug, Clone, Default)]
pub struct Person(pub BTreeMap<String, String>);

impl Subject for Person {
    fn value(&self, attribute: &str) -> Option<Cow<'_, str>> {
        self.0.get(attribute).map(|value| Cow::Borrowed(value.as_str()))
    }

    fn values(&self, attribute: &str) -> Vec<Cow<'_, str>> {
        let Some(value) = self.0.get(attribute) else { return Vec::new() };
        let several = attribute == "groups" || attribute.starts_with("managers.");
        if several { value.split('&').map(Cow::Borrowed).collect() } else { vec![Cow::Borrowed(value.as_str())] }
    }
}

pub fn person(values: &[(&str, &str)]) -> Person {
    Person(values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

pub fn schema() -> Schema {
    Schema::users(["level", "T-shirt size"].map(str::to_owned).into_iter())
}

/// Reads in the form that the value says: v2 unless it has a queryType.
pub fn read(value: &Value) -> Result<MemberQuery, Vec<Problem>> {
    MemberQuery::read(value, value.get("queryType").is_none())
}

/// A rule of one test.
pub fn one(attribute: &str, operator: Operator, values: &[&str]) -> Rule {
    Rule::new(muster_rules::Node::Test(muster_rules::Test::new(attribute, operator, values.iter().copied()))).unwrap()
}

/// `path: message` of each problem.
pub fn lines<T: std::fmt::Debug>(result: Result<T, Vec<Problem>>) -> Vec<String> {
    result.err().unwrap_or_default().iter().map(Problem::to_string).collect()
}

/// The paths of the problems.
pub fn paths<T: std::fmt::Debug>(result: Result<T, Vec<Problem>>) -> Vec<String> {
    result.err().unwrap_or_default().into_iter().map(|problem| problem.path).collect()
}
