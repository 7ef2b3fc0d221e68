//! JumpCloud's `memberQuery`: its four wire forms and a text, one tree, and the way back in the form in which it was written.
//!
//! | form | looks like |
//! |---|---|
//! | `FilterQuery` | `{"queryType":"FilterQuery","filters":[{"field":"department","operator":"eq","value":"Eng"}]}` |
//! | `Filter` | `{"queryType":"Filter","filters":["department:$eq:Eng"]}` |
//! | `Search` | `{"queryType":"Search","searchFilters":"{\"filter\":{\"or\":[\"department:$eq:Eng\"]}}"}` |
//! | `Expression`, ours | `{"queryType":"Expression","expression":"department equals \"Eng\""}` ([`crate::language`]) |
//! | v2, by the header `x-query-dsl: v2` | `{"filters":[{"field":"department","operation":"equals","value":"Eng"}]}` |
//!
//! Every form takes every operator by its long or short name, and attributes by canonical name, by JumpCloud's v2 name
//! (`user.user_department`) or as a custom attribute (`attributes.level`, `attributes[name=level].value`).
//! No conditions at all match everybody. Nothing here knows which attributes exist: that is `check`'s.

mod dsl;
mod expression;
mod filters;
mod names;
mod reading;
mod search;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::check::{Finding, Part, findings};
use crate::tree::within_limits;
use crate::{Node, Problem, Rule, Schema, Test};
use reading::{Place, Reading, Shape};

pub use names::canonical as canonical_attribute;
pub(crate) use names::{GROUPS, groups_of};

/// The header value's form or one of the `queryType`s.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Form {
    FilterQuery,
    Filter,
    Search,
    Expression,
    #[serde(rename = "v2")]
    V2,
}

/// A rule and how it was written. Serialised (for the database) with both, so that a stored rule keeps its meaning
/// whatever later readers make of its text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MemberQuery {
    form: Form,
    rule: Rule,
    written: Value,
}

impl MemberQuery {
    /// Reads any form; `v2_dsl` is whether the request had the header `x-query-dsl: v2`. The caller deals with `null`.
    /// Fails with every problem found, each at its path below `memberQuery`.
    pub fn read(value: &Value, v2_dsl: bool) -> Result<Self, Vec<Problem>> {
        let form = form_of(value, v2_dsl).map_err(|problem| vec![problem])?;
        let mut reading = Reading::new();
        let node = read_node(form, value, &mut reading);
        let problems = reading.into_problems();
        match node {
            Some(node) if problems.is_empty() => {
                let rule = Rule::new(node).map_err(|problem| vec![problem])?;
                Ok(Self { form, rule, written: value.clone() })
            }
            _ if problems.is_empty() => Err(vec![Problem::new("memberQuery", "the rule cannot be read")]),
            _ => Err(problems),
        }
    }

    /// Writes a rule in a form. The older forms cannot say everything: `FilterQuery` and `Filter` join by "and" only,
    /// the text forms separate a list by `|`, and only v2 knows
    /// "none" (ours).
    pub fn from_rule(rule: Rule, form: Form) -> Result<Self, Vec<Problem>> {
        within_limits(&rule.node).map_err(|problem| vec![problem])?;
        let written = match form {
            Form::FilterQuery => filters::write_objects(&rule),
            Form::Filter => filters::write_expressions(&rule),
            Form::Search => Some(search::write(&rule)),
            Form::Expression => Some(expression::write_text(&rule)),
            Form::V2 => Some(dsl::write(&rule)),
        };
        let refused = || vec![Problem::new("memberQuery", format!("the rule cannot be written in the form {form:?}"))];
        let read = Self::read(&written.ok_or_else(refused)?, form == Form::V2).map_err(|_| refused())?;
        let meant = Rule::new(rule.node).map_err(|problem| vec![problem])?;
        if read.rule == meant { Ok(read) } else { Err(refused()) }
    }

    /// What the query means.
    pub fn rule(&self) -> &Rule {
        &self.rule
    }

    pub fn form(&self) -> Form {
        self.form
    }

    /// As it was written, member for member.
    pub fn write(&self) -> Value {
        self.written.clone()
    }

    /// In the v2 form with canonical names, however it was written: what the console edits.
    pub fn write_v2(&self) -> Value {
        dsl::write(&self.rule)
    }

    /// The same query with each value of its tests put through `of`; what was written stays.
    #[must_use]
    pub fn map_values(&self, of: &mut dyn FnMut(&Test, &str) -> String) -> Self {
        Self { form: self.form, rule: self.rule.map_values(of), written: self.written.clone() }
    }

    /// All that is wrong with the rule by this schema, at the places of the form in which it was written.
    pub fn check(&self, schema: &Schema) -> Result<(), Vec<Problem>> {
        let findings = findings(&self.rule, schema);
        if findings.is_empty() {
            return Ok(());
        }
        let mut reading = Reading::new();
        read_node(self.form, &self.written, &mut reading);
        let places = reading.into_places();
        Err(findings.into_iter().map(|finding| at_place(finding, &places)).collect())
    }
}

/// A condition of the older text form, `department:$eq:Sales`, as `path` of some request: the filters of lists are
/// written so too.
pub fn read_expression(text: &str, path: &str) -> Result<Test, Problem> {
    let mut reading = Reading::new();
    let test = expression::read(text, path, &mut reading);
    let mut problems = reading.into_problems();
    match test {
        Some(test) if problems.is_empty() => Ok(test),
        _ => Err(problems.pop().unwrap_or_else(|| Problem::new(path, "the condition cannot be read"))),
    }
}

fn form_of(value: &Value, v2_dsl: bool) -> Result<Form, Problem> {
    let Value::Object(members) = value else {
        return Err(Problem::new("memberQuery", "memberQuery must be an object, or null for no rule"));
    };
    let path = "memberQuery.queryType";
    match (members.get("queryType"), v2_dsl) {
        (None, true) => Ok(Form::V2),
        (Some(_), true) => Err(Problem::new(
            path,
            "memberQuery.queryType belongs to the older forms; leave it out, or leave out the header x-query-dsl: v2",
        )),
        (None, false) => Err(Problem::new(path, "memberQuery.queryType is required")),
        (Some(Value::String(name)), false) => match name.as_str() {
            "FilterQuery" => Ok(Form::FilterQuery),
            "Filter" => Ok(Form::Filter),
            "Search" => Ok(Form::Search),
            "Expression" => Ok(Form::Expression),
            _ => {
                Err(Problem::new(path, "memberQuery.queryType must be one of FilterQuery, Filter, Search, Expression"))
            }
        },
        (Some(_), false) => Err(Problem::new(path, "memberQuery.queryType must be a string")),
    }
}

fn read_node(form: Form, value: &Value, reading: &mut Reading) -> Option<Node> {
    match form {
        Form::FilterQuery => filters::read_objects(value, reading),
        Form::Filter => filters::read_expressions(value, reading),
        Form::Search => search::read(value, reading),
        Form::Expression => expression::read_text(value, reading),
        Form::V2 => dsl::read(value, reading),
    }
}

fn at_place(finding: Finding, places: &[Place]) -> Problem {
    let Some(place) = places.get(finding.test) else { return Problem::new("memberQuery", finding.message) };
    let path = match (place.shape, finding.part) {
        (Shape::Text, _) => place.path.clone(),
        (Shape::Members { .. }, Part::Attribute) => format!("{}.field", place.path),
        (Shape::Members { operator, .. }, Part::Operator) => format!("{}.{operator}", place.path),
        (Shape::Members { is_list: true, .. }, Part::ValueAt(index)) => format!("{}.value[{index}]", place.path),
        (Shape::Members { .. }, Part::Value | Part::ValueAt(_)) => format!("{}.value", place.path),
    };
    Problem::new(path, finding.message)
}

/// Whether the v2 form writes this node as its outermost `filters`, which mean "all" without saying so. A group that
/// is alone in there is the root itself: otherwise a rule that begins with "or" could not come back as it went.
pub(crate) fn is_implicit_root(node: &Node) -> bool {
    match node {
        Node::All(children) => !matches!(children.as_slice(), [Node::All(_) | Node::Any(_) | Node::None(_)]),
        Node::Any(_) | Node::None(_) | Node::Test(_) => false,
    }
}
