//! Making resources by a mapping.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::{Map, Value};

use super::check::fields;
use super::{Mapping, Person, Problem, Purpose, Rule, Source, When};
use crate::message::{Op, Operation, PatchOp};
use crate::patch::elements::is_husk;
use crate::patch::{Dialect, PatchPath, apply};
use crate::resource::Resource;
use crate::schema::Definition;

/// The user that the application should have for this person.
///
/// # Errors
/// Each line whose value does not fit, and what is required and empty.
pub fn user(
    mapping: &Mapping,
    person: &dyn Person,
    active: bool,
    definition: &Definition,
    purpose: Purpose,
) -> Result<Resource, Vec<Problem>> {
    let mut out = Resource::default();
    let mut problems = Vec::new();
    let mut decided: HashSet<String> = HashSet::new();
    for rule in mapping.rules.iter().filter(|r| is_sent(r, purpose)) {
        let is_later = decided.contains(&rule.target.to_lowercase());
        if is_later || rule.condition.as_deref().is_some_and(|condition| !person.holds(condition)) {
            continue;
        }
        decided.insert(rule.target.to_lowercase());
        let Some(value) = value_of(&rule.source, person) else { continue };
        let operation = Operation { op: Op::Add, path: Some(rule.target.clone()), value: Some(value) };
        match apply(&out, &PatchOp { operations: vec![operation] }, definition, Dialect::TOLERANT) {
            Ok(next) => out = next,
            Err(error) => {
                let detail = error.detail.strip_prefix("Operations[0]: ").unwrap_or(&error.detail);
                problems.push(Problem::new(&rule.target, detail));
            }
        }
    }
    remove_husks(&mut out, definition);
    out.0.insert("active".into(), Value::Bool(active));
    for required in definition.core.attributes.iter().filter(|a| a.required) {
        let mapped = problems.iter().any(|p| p.target.eq_ignore_ascii_case(&required.name));
        if !mapped && out.text(&required.name).is_none_or(|t| t.trim().is_empty()) {
            let message = "is required, and the person has no value for it";
            problems.push(Problem::new(&required.name, message));
        }
    }
    if problems.is_empty() { Ok(out) } else { Err(problems) }
}

/// The group that the application should have; members are sent apart.
#[must_use]
pub fn group(name: &str, external_id: Option<&str>) -> Resource {
    let mut out = Map::new();
    if let Some(id) = external_id {
        out.insert("externalId".into(), id.into());
    }
    out.insert("displayName".into(), name.into());
    Resource(out)
}

impl Mapping {
    /// The paths that the lines are responsible for; `active` always is.
    #[must_use]
    pub fn managed(&self, purpose: Purpose) -> Vec<PatchPath> {
        let targets = self.rules.iter().filter(|r| is_sent(r, purpose)).map(|r| r.target.as_str());
        targets.chain(["active"]).filter_map(|t| t.parse().ok()).collect()
    }
}

fn is_sent(rule: &Rule, purpose: Purpose) -> bool {
    rule.when == When::Always || purpose == Purpose::Create
}

/// The value; an empty text is none, so that clearing a field here clears it there.
fn value_of(source: &Source, person: &dyn Person) -> Option<Value> {
    match source {
        Source::Constant(value) => Some(value.clone()),
        Source::Attribute(name) => person.value(name).filter(|v| !v.is_empty()).map(|v| Value::String(v.into_owned())),
        Source::Template(text) => filled(text, person).map(Value::String),
    }
}

fn filled(template: &str, person: &dyn Person) -> Option<String> {
    let names = fields(template).ok()?;
    let mut out = template.to_owned();
    let mut any = names.is_empty();
    for name in names {
        let value = person.value(name).unwrap_or(Cow::Borrowed(""));
        any |= !value.is_empty();
        // A value with braces of its own is not read again.
        out = out.replacen(&format!("{{{name}}}"), &value.replace('{', "\u{0}"), 1);
    }
    let text = out.replace('\u{0}', "{");
    (any && !text.trim().is_empty()).then(|| text.trim().to_owned())
}

/// Values that have labels and nothing else: the primary work e-mail of someone without one.
fn remove_husks(resource: &mut Resource, definition: &Definition) {
    for attribute in definition.core.attributes.iter().filter(|a| a.multi_valued) {
        let Some(Value::Array(items)) = resource.0.get_mut(&attribute.name) else { continue };
        items.retain(|v| !v.as_object().is_some_and(|m| is_husk(m, attribute)));
        if items.is_empty() {
            resource.0.shift_remove(&attribute.name);
        }
    }
}
