//! Declares what values of a custom attribute are, or changes it. Refused where values or rules that are there would not
//! fit: after it, all do.

use muster_base::{Id, limits};
use serde_json::{Value, json};

use super::fit::shown;
use super::{Declared, Type, store};
use crate::change::{Kind, Subject};
use crate::group::GroupKind;
use crate::{Error, FieldError, Result, Verb, Write, document, group, user};

/// How many attributes an organization declares at most.
pub const DECLARED_MAX: usize = 500;
/// People looked at together.
const CHUNK: usize = 1_000;
/// How many are named of those whose values or rules do not fit.
const NAMED: usize = 10;
/// How many values are brought into another spelling in one transaction.
const RESPELT_MAX: usize = 10_000;

/// Declares an attribute.
pub struct Declare {
    /// The name.
    pub name: String,
    /// What its values are.
    pub kind: Type,
    /// For people.
    pub description: String,
}

impl Verb for Declare {
    type Out = Declared;

    async fn run(&self, w: &mut Write<'_>) -> Result<Declared> {
        Error::unless_empty(self.problems())?;
        let org = w.org();
        let all = store::all(w, org).await?;
        let before = all.iter().find(|of| of.name == self.name);
        if before.is_none() && all.len() >= DECLARED_MAX {
            return Err(Error::Limit(format!("an organization declares at most {DECLARED_MAX} attributes")));
        }
        let declared = Declared {
            name: self.name.clone(),
            kind: self.kind,
            description: self.description.clone(),
            created_at: before.map_or(w.now(), |before| before.created_at),
        };
        if before.is_some_and(|before| before.kind == declared.kind && before.description == declared.description) {
            return Ok(declared);
        }
        store::put(w, &declared).await?;
        let mut groups = Vec::new();
        if before.is_none_or(|before| before.kind != declared.kind) {
            let mut problems = self.refit(w).await?;
            problems.extend(group::rule::unfit(w, &self.name).await?);
            Error::unless_empty(problems)?;
            groups = store::back(w, &self.name).await?;
            group::store::rules_changed(w).await?;
        }
        w.log(Kind::AttributeDeclare, Subject::organization(org), self.told(before, &groups));
        Ok(declared)
    }
}

impl Declare {
    fn problems(&self) -> Vec<FieldError> {
        let mut out = Vec::new();
        if self.name.trim().is_empty() || self.name.chars().count() > limits::NAME_MAX || self.name.contains('\0') {
            out.push(FieldError::new("name", "give the attribute a name of 1 to 255 characters"));
        }
        if self.description.chars().count() > limits::TEXT_MAX || self.description.contains('\0') {
            out.push(FieldError::new("description", "at most 1024 characters"));
        }
        out
    }

    fn told(&self, before: Option<&Declared>, groups: &[Id]) -> Value {
        let mut told = json!({"name": self.name, "type": {"from": before.map(|b| b.kind), "to": self.kind}});
        if !groups.is_empty() {
            told["groups"] = json!(groups);
        }
        told
    }

    /// Brings the values that are there into their spelling; tells those that have none.
    async fn refit(&self, w: &mut Write<'_>) -> Result<Vec<FieldError>> {
        let kind = self.kind.of_rules();
        let (mut unfit, mut named, mut respelt) = (0usize, Vec::new(), 0usize);
        let org = w.org();
        for ids in store::people(w, &self.name).await?.chunks(CHUNK) {
            for before in user::store::by_ids(w, org, ids).await? {
                let mut changed = before.clone();
                let own = changed.profile.attributes.iter_mut().find(|attribute| attribute.name == self.name);
                let Some(own) = own else { continue };
                match kind.spelt(&own.value) {
                    Ok(spelt) if spelt == own.value => {}
                    Ok(spelt) => {
                        own.value = spelt;
                        respelt += 1;
                        if respelt > RESPELT_MAX {
                            let message = format!(
                                "more than {RESPELT_MAX} values would be written otherwise: import them so first"
                            );
                            return Err(Error::field("type", message));
                        }
                        user::store::update(w, &before, &changed).await?;
                        let fields = document::differences(&before.profile, &changed.profile);
                        w.log(Kind::UserUpdate, Subject::user(before.id), Value::Object(fields));
                    }
                    Err(why) => {
                        unfit += 1;
                        if named.len() < NAMED {
                            named.push(format!("{}: {} {why}", before.username, shown(&own.value)));
                        }
                    }
                }
            }
        }
        if unfit == 0 {
            return Ok(Vec::new());
        }
        let more = if unfit > named.len() { format!(", and {} more", unfit - named.len()) } else { String::new() };
        let people = match unfit {
            1 => "1 person has a value that does not fit; mend it first".to_owned(),
            _ => format!("{unfit} people have values that do not fit; mend them first"),
        };
        let message = format!("{people}. {}{more}", named.join("; "));
        Ok(vec![FieldError::new("type", message)])
    }
}

/// Names of a custom attribute as rules about these read it.
pub(crate) fn names_in_rules(kind: GroupKind, name: &str) -> Vec<String> {
    let before: &[&str] = match kind {
        GroupKind::User => &["", "manager.", "managers."],
        GroupKind::Device => &["owner."],
    };
    before.iter().map(|before| format!("{before}{}{name}", muster_rules::CUSTOM_PREFIX)).collect()
}
