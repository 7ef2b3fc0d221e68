//! The conditions of a search's `filter`, read into a tree and held against an object as the API shows it. One condition
//! is a test of `muster_rules`, or a pattern.

use std::borrow::Cow;

use muster_http::ApiError;
use muster_rules::limits::{MAX_DEPTH, MAX_TESTS, MAX_VALUE_CHARS};
use muster_rules::member_query::read_expression;
use muster_rules::{Moment, Node, Operator, Rule, Subject, Test, evaluate};
use regex::{Regex, RegexBuilder};
use serde_json::{Map, Value};

use crate::listed::values;

/// What a compiled pattern may take, in bytes: enough for any look-up of names, little enough to be no load.
const PATTERN_MAX_BYTES: usize = 256 * 1024;
/// How deep a pattern nests.
const PATTERN_MAX_DEPTH: u32 = 32;
/// Values of one `$in`.
const LIST_MAX: usize = 1000;

/// A condition, or several joined.
#[derive(Debug)]
pub(super) enum Condition {
    /// Every one holds; nothing joined holds of everything.
    All(Vec<Condition>),
    /// One of them holds.
    Any(Vec<Condition>),
    /// A test of what stands at a path.
    Test { field: String, rule: Rule, negated: bool },
    /// A pattern occurs in what stands at a path.
    Pattern { field: String, pattern: Regex },
}

/// What a test sees: one value, whatever it is called.
struct Seen<'v>(Option<&'v str>);

impl Subject for Seen<'_> {
    fn value(&self, _: &str) -> Option<Cow<'_, str>> {
        self.0.map(Cow::Borrowed)
    }
}

impl Condition {
    /// Reads a `filter`: `{"and"|"or": [...]}`, a list, or an object of fields.
    ///
    /// # Errors
    /// 400 naming the place.
    pub(super) fn read(filter: Option<&Value>) -> Result<Self, ApiError> {
        match filter {
            None | Some(Value::Null) => Ok(Self::All(Vec::new())),
            Some(value @ (Value::Array(_) | Value::Object(_))) => Reading { tests: 0 }.any(value, "filter", 1),
            Some(_) => {
                Err(ApiError::field("filter", "an object such as {\"and\": [{\"department\": \"Sales\"}]}, or a list"))
            }
        }
    }

    /// Whether the condition holds of an object.
    pub(super) fn holds(&self, object: &Value, now: Moment) -> bool {
        match self {
            Self::All(conditions) => conditions.iter().all(|c| c.holds(object, now)),
            Self::Any(conditions) => conditions.iter().any(|c| c.holds(object, now)),
            Self::Pattern { field, pattern } => values(object, field).iter().any(|v| pattern.is_match(v)),
            Self::Test { field, rule, negated } => {
                let found = values(object, field);
                let mut each = found.iter().map(|v| evaluate(rule, &Seen(Some(v)), now));
                match (found.is_empty(), negated) {
                    (true, _) => evaluate(rule, &Seen(None), now),
                    (false, true) => each.all(|holds| holds),
                    (false, false) => each.any(|holds| holds),
                }
            }
        }
    }
}

/// One reading of a filter.
struct Reading {
    tests: usize,
}

impl Reading {
    fn any(&mut self, value: &Value, path: &str, depth: usize) -> Result<Condition, ApiError> {
        if depth > MAX_DEPTH {
            return Err(ApiError::field(path, format!("conditions are nested more than {MAX_DEPTH} deep")));
        }
        match value {
            Value::Array(items) => Ok(Condition::All(self.each(items, path, depth)?)),
            Value::Object(members) => self.object(members, path, depth),
            Value::String(text) => self.expression(text, path),
            _ => Err(ApiError::field(path, "a condition is {\"field\": value} or \"field:$eq:value\"")),
        }
    }

    fn each(&mut self, items: &[Value], path: &str, depth: usize) -> Result<Vec<Condition>, ApiError> {
        items.iter().enumerate().map(|(i, item)| self.any(item, &format!("{path}[{i}]"), depth + 1)).collect()
    }

    fn object(&mut self, members: &Map<String, Value>, path: &str, depth: usize) -> Result<Condition, ApiError> {
        let mut all = Vec::new();
        for (name, value) in members {
            let path = format!("{path}.{name}");
            match (name.trim_start_matches('$'), value) {
                ("and", Value::Array(items)) => all.push(Condition::All(self.each(items, &path, depth)?)),
                ("or", Value::Array(items)) => all.push(Condition::Any(self.each(items, &path, depth)?)),
                ("and" | "or", _) => return Err(ApiError::field(path, "a list of conditions")),
                _ => self.field(name, value, &path, &mut all)?,
            }
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Condition::All(all) })
    }

    /// `{field: value}` or `{field: {$operator: value, ...}}`.
    fn field(&mut self, field: &str, value: &Value, path: &str, out: &mut Vec<Condition>) -> Result<(), ApiError> {
        let Value::Object(operators) = value else {
            let (operator, values) = match word(value) {
                Some(text) => (Operator::Equals, vec![text]),
                None if value.is_null() => (Operator::IsEmpty, Vec::new()),
                None => return Err(ApiError::field(path, "one value, or {\"$in\": [...]} for several")),
            };
            out.push(self.test(field, operator, values, path)?);
            return Ok(());
        };
        let case = operators.get("$options").and_then(Value::as_str).unwrap_or_default();
        for (name, value) in operators.iter().filter(|(name, _)| *name != "$options") {
            let path = format!("{path}.{name}");
            let name = name.trim_start_matches('$');
            let condition = match (name, value) {
                ("regex", Value::String(pattern)) => self.pattern(field, pattern, case.contains('i'), &path)?,
                ("exists", Value::Bool(there)) => {
                    let operator = if *there { Operator::IsNotEmpty } else { Operator::IsEmpty };
                    self.test(field, operator, Vec::new(), &path)?
                }
                ("eq", Value::Null) => self.test(field, Operator::IsEmpty, Vec::new(), &path)?,
                ("ne", Value::Null) => self.test(field, Operator::IsNotEmpty, Vec::new(), &path)?,
                _ => {
                    let operator =
                        Operator::read(name).map(|(operator, _)| operator).ok_or_else(|| unknown(&path, name))?;
                    self.test(field, operator, listed(value, &path)?, &path)?
                }
            };
            out.push(condition);
        }
        Ok(())
    }

    /// `field:$operator:value`; the `$` may be missing.
    fn expression(&mut self, text: &str, path: &str) -> Result<Condition, ApiError> {
        let mut parts = text.splitn(3, ':');
        let (field, operator) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        if operator.trim_start_matches('$') == "regex" {
            return self.pattern(field, parts.next().unwrap_or_default(), false, path);
        }
        let written = if operator.starts_with('$') { text.to_owned() } else { text.replacen(':', ":$", 1) };
        let test = read_expression(&written, path).map_err(|p| ApiError::field(p.path, p.message))?;
        self.test(&test.attribute, test.operator, test.values, path)
    }

    fn count(&mut self, path: &str) -> Result<(), ApiError> {
        self.tests += 1;
        if self.tests > MAX_TESTS {
            return Err(ApiError::field(
                path,
                format!("at most {MAX_TESTS} conditions: use $in with a list of values"),
            ));
        }
        Ok(())
    }

    fn test(
        &mut self,
        field: &str,
        operator: Operator,
        values: Vec<String>,
        path: &str,
    ) -> Result<Condition, ApiError> {
        self.count(path)?;
        let mut test = Test::new(field, operator, values);
        // As JumpCloud: filters regard case; what does not is `searchFilter`.
        test.case_sensitive = !matches!(operator, Operator::Contains | Operator::NotContains);
        let rule = Rule::new(Node::Test(test)).map_err(|p| ApiError::field(path, p.message))?;
        let negated =
            matches!(operator, Operator::NotEquals | Operator::NotIn | Operator::NotContains | Operator::IsEmpty);
        Ok(Condition::Test { field: field.to_owned(), rule, negated })
    }

    fn pattern(&mut self, field: &str, pattern: &str, any_case: bool, path: &str) -> Result<Condition, ApiError> {
        self.count(path)?;
        if pattern.chars().count() > MAX_VALUE_CHARS {
            return Err(ApiError::field(path, format!("a pattern has at most {MAX_VALUE_CHARS} characters")));
        }
        let built = RegexBuilder::new(pattern)
            .case_insensitive(any_case)
            .size_limit(PATTERN_MAX_BYTES)
            .dfa_size_limit(PATTERN_MAX_BYTES)
            .nest_limit(PATTERN_MAX_DEPTH)
            .build();
        // The library prints the pattern over several lines; the last says what is wrong.
        let said = |e: regex::Error| e.to_string().lines().next_back().unwrap_or_default().trim().to_owned();
        let pattern = built.map_err(|e| ApiError::field(path, format!("this pattern cannot be used: {}", said(e))))?;
        Ok(Condition::Pattern { field: field.to_owned(), pattern })
    }
}

fn unknown(path: &str, name: &str) -> ApiError {
    let message =
        format!("unknown operator \"{name}\": use $eq, $ne, $gt, $gte, $lt, $lte, $in, $nin, $co, $regex or $exists");
    ApiError::field(path, message)
}

/// The values of an operator: one, or a list.
fn listed(value: &Value, path: &str) -> Result<Vec<String>, ApiError> {
    let wrong = || ApiError::field(path, "a text, a number, true or false, or a list of such");
    match value {
        Value::Array(items) if items.len() > LIST_MAX => {
            Err(ApiError::field(path, format!("at most {LIST_MAX} values")))
        }
        Value::Array(items) => items.iter().map(|item| word(item).ok_or_else(wrong)).collect(),
        other => Ok(vec![word(other).ok_or_else(wrong)?]),
    }
}

fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object() -> Value {
        json!({"username": "Ana", "department": "Sales", "age": 41, "sudo": true, "empty": "", "created": "2025-01-02T00:00:00Z",
            "recoveryEmail": {"address": "a@b.test"}, "attributes": [{"name": "level", "value": "7"}, {"name": "site", "value": "Bern"}]})
    }

    fn holds(filter: Value) -> bool {
        Condition::read(Some(&filter))
            .unwrap_or_else(|e| panic!("{filter}: {}", e.message()))
            .holds(&object(), Moment(0))
    }

    #[test]
    fn every_form_reads() {
        for filter in [
            json!(null),
            json!({}),
            json!([]),
            json!({"department": "Sales"}),
            json!([{"department": "Sales"}, {"sudo": true}, {"age": 41}]),
            json!({"and": [{"department": {"$ne": "Legal"}}, "username:$eq:Ana", "age:gt:9"]}),
            json!({"or": [{"department": "Legal"}, {"and": [{"username": {"$regex": "(?i)^an"}}]}]}),
            json!({"username": {"$regex": "^ANA$", "$options": "i"}}),
            json!({"age": {"$gte": 41, "$lt": 42}}),
            json!({"department": {"$in": ["Legal", "Sales"]}}),
            json!({"department": {"$nin": ["Legal"]}}),
            json!({"username": {"$co": "aN"}}),
            json!({"recoveryEmail.address": "a@b.test"}),
            json!({"attributes.level": "7"}),
            json!({"attributes.name": "site"}),
            json!({"attributes.value": {"$in": ["Bern"]}}),
            json!(["attributes[name=level].value:$eq:7"]),
            json!({"empty": null}),
            json!({"nothing": {"$exists": false}}),
            json!({"created": {"$gt": "2025-01-01"}}),
            json!(["username:$regex:^A"]),
        ] {
            assert!(holds(filter.clone()), "{filter}");
        }
    }

    #[test]
    fn what_does_not_hold() {
        for filter in [
            json!({"department": "sales"}),
            json!({"or": []}),
            json!({"attributes.name": {"$ne": "site"}}),
            json!({"username": {"$regex": "^na"}}),
            json!({"created": {"$lt": "2025-01-01"}}),
            json!({"nothing": "x"}),
            json!({"department": {"$exists": false}}),
        ] {
            assert!(!holds(filter.clone()), "{filter}");
        }
    }

    #[test]
    fn what_is_wrong_is_refused_at_its_place() {
        let deep = (0..9).fold(json!({"a": "b"}), |inner, _| json!({"and": [inner]}));
        let many: Vec<Value> = (0..201).map(|_| json!({"a": "b"})).collect();
        for filter in [
            json!("department:$eq:x"),
            json!(5),
            json!([5]),
            json!({"and": {"a": "b"}}),
            json!({"a": ["b"]}),
            json!({"a": {"$like": "b"}}),
            json!({"a": {"$in": [{}]}}),
            json!({"a": {"$eq": {}}}),
            json!(["nothing"]),
            json!({"a": {"$regex": "("}}),
            json!({"a": {"$regex": "(?=x)"}}),
            json!({"a": {"$regex": "x".repeat(1025)}}),
            json!({"a": {"$regex": "(((a{100}){100}){100})"}}),
            json!({"a": {"$regex": format!("{}a{}", "(".repeat(40), ")".repeat(40))}}),
            json!({"a": {"$regex": 5}}),
            deep,
            json!(many),
        ] {
            assert!(Condition::read(Some(&filter)).is_err(), "{filter}");
        }
    }
}
