//! Checking a mapping when it is saved.

use std::collections::HashSet;

use super::{Mapping, Problem, Rule, Source, Vocabulary};
use crate::patch::PatchPath;
use crate::resource::{Reading, coerced};
use crate::schema::{Definition, Kind, Mutability, Returned};

/// Lines of one mapping.
const RULES_MAX: usize = 200;

impl Mapping {
    /// What is wrong with the lines.
    #[must_use]
    pub fn problems(&self, definition: &Definition, words: &dyn Vocabulary) -> Vec<Problem> {
        let mut out = Vec::new();
        if self.rules.len() > RULES_MAX {
            out.push(Problem::new("mapping", format!("at most {RULES_MAX} lines")));
            return out;
        }
        // Those that a line without a condition has settled.
        let mut targets = HashSet::new();
        for rule in &self.rules {
            if let Some(problem) = rule_problem(rule, definition, words) {
                out.push(problem);
                continue;
            }
            let Ok(path) = rule.target.parse::<PatchPath>() else { continue };
            let target = path.to_string().to_lowercase();
            let is_settled = targets.contains(&target);
            match &rule.condition {
                Some(_) if is_settled => {
                    out.push(Problem::new(
                        &rule.target,
                        "is never reached: put it before the line without a condition",
                    ));
                }
                Some(_) => {}
                None if is_settled => out.push(Problem::new(&rule.target, "is mapped twice: keep one line")),
                None => drop(targets.insert(target)),
            }
        }
        for required in definition.core.attributes.iter().filter(|a| a.required) {
            if !targets.contains(&required.name.to_lowercase()) {
                out.push(Problem::new(&required.name, "is required: map a field that everyone has"));
            }
        }
        out
    }
}

fn rule_problem(rule: &Rule, definition: &Definition, words: &dyn Vocabulary) -> Option<Problem> {
    let wrong = |message: String| Some(Problem::new(&rule.target, message));
    let knows = |name: &str| words.knows(name);
    if let Some(Err(message)) = rule.condition.as_deref().map(|condition| words.judges(condition)) {
        return wrong(format!("the condition: {message}"));
    }
    let path: PatchPath = match rule.target.parse() {
        Ok(path) => path,
        Err(error) => return wrong(crate::Error::to_string(&error)),
    };
    let Some(located) = definition.locate(&path.attribute) else {
        return wrong(format!("is not an attribute of a {}", definition.name));
    };
    let leaf = located.leaf();
    if located.attribute.mutability == Mutability::ReadOnly || leaf.mutability == Mutability::ReadOnly {
        return wrong("is set by the application itself".into());
    }
    if ["schemas", "active"].contains(&located.attribute.name.as_str()) {
        return wrong("is set by Muster: it follows the person's state and groups".into());
    }
    if leaf.returned == Returned::Never {
        return wrong("passwords are not handed to applications".into());
    }
    if leaf.kind == Kind::Complex && !leaf.has_value_part() {
        return wrong("has parts: map each of them, such as name.givenName".into());
    }
    match &path.filter {
        Some(_) if !located.attribute.multi_valued => return wrong("has one value: leave the filter out".into()),
        Some(filter) if filter.equalities().is_none() => {
            return wrong("the filter must say which value is meant, such as [type eq \"work\"]".into());
        }
        _ => {}
    }
    match &rule.source {
        Source::Attribute(name) if !knows(name) => wrong(format!("there is no field \"{name}\"")),
        Source::Template(text) => match fields(text) {
            Err(message) => wrong(message),
            Ok(names) => match names.into_iter().find(|n| !knows(n)) {
                Some(name) => wrong(format!("there is no field \"{name}\"")),
                None => None,
            },
        },
        Source::Constant(value) => match coerced(leaf, value.clone(), Reading::REQUEST, &rule.target) {
            Ok(Some(_)) => None,
            Ok(None) => wrong("the constant is empty: leave the line out".into()),
            Err(error) => wrong(error.detail),
        },
        Source::Attribute(_) => None,
    }
}

/// The fields that a template names.
pub(super) fn fields(template: &str) -> Result<Vec<&str>, String> {
    let mut out = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        if before.contains('}') {
            return Err("a } without a {".into());
        }
        let Some((name, after)) = after.split_once('}') else { return Err("a { without its }".into()) };
        if name.is_empty() || name.contains('{') {
            return Err("write a field as {firstname}".into());
        }
        out.push(name);
        rest = after;
    }
    if rest.contains('}') { Err("a } without a {".into()) } else { Ok(out) }
}
