//! Attribute mapping of an application: which SCIM attribute gets which value of a person, and the resources that come
//! of it. A person is whatever answers to the names of fields ([`Person`]); the names are those of the directory's API
//! (`firstname`, `attributes.NAME` for a custom attribute) and those of [`FURTHER_FIELDS`].

mod build;
mod check;
mod defaults;

pub use build::{group, user};
pub use defaults::FURTHER_FIELDS;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Who is mapped.
pub trait Person {
    /// The value of the field of this name; `None` when there is none.
    fn value(&self, name: &str) -> Option<Cow<'_, str>>;

    /// Whether a line's condition holds of them.
    fn holds(&self, condition: &str) -> bool;
}

/// Conditions are names of fields here, which hold where there is a value.
impl Person for BTreeMap<String, String> {
    fn value(&self, name: &str) -> Option<Cow<'_, str>> {
        self.get(name).map(|v| Cow::Borrowed(v.as_str()))
    }

    fn holds(&self, condition: &str) -> bool {
        self.contains_key(condition)
    }
}

/// What a mapping may speak of.
pub trait Vocabulary {
    /// Whether a person may have a field of this name.
    fn knows(&self, field: &str) -> bool;

    /// Whether a condition can be read.
    ///
    /// # Errors
    /// What is wrong with it, and how to mend it.
    fn judges(&self, condition: &str) -> Result<(), String>;
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// A field of the person, by its name.
    Attribute(String),
    /// The same for all.
    Constant(Value),
    /// A text with fields in braces: `{firstname} {lastname}`. A field without a value leaves nothing; when none has
    /// one, neither has the whole.
    Template(String),
}

/// When a value is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum When {
    /// At creation and at every change.
    #[default]
    Always,
    /// At creation alone: what becomes of it there is theirs.
    OnlyAtCreation,
}

/// One line of a mapping.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// The SCIM attribute: `name.givenName`, `emails[type eq "work"].value`, `urn:…:User:department`.
    pub target: String,
    /// Its value.
    #[serde(flatten)]
    pub source: Source,
    /// When it is sent.
    #[serde(default)]
    pub when: When,
    /// Of whom it holds. Of the lines of one target the first counts whose condition holds; one without a condition holds
    /// of everybody, and so comes last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
}

impl Rule {
    /// From a field, always.
    #[must_use]
    pub fn attribute(target: &str, name: &str) -> Self {
        Self { target: target.into(), source: Source::Attribute(name.into()), when: When::Always, condition: None }
    }

    /// The same for all, always.
    #[must_use]
    pub fn constant(target: &str, value: Value) -> Self {
        Self { target: target.into(), source: Source::Constant(value), when: When::Always, condition: None }
    }

    /// The same rule, for those of whom the condition holds.
    #[must_use]
    pub fn only_if(mut self, condition: &str) -> Self {
        self.condition = Some(condition.into());
        self
    }

    /// The same rule, at creation alone.
    #[must_use]
    pub fn only_at_creation(mut self) -> Self {
        self.when = When::OnlyAtCreation;
        self
    }
}

/// What a resource is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To be created.
    Create,
    /// To be brought up to date.
    Update,
}

/// A mapping.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mapping {
    /// Its lines.
    pub rules: Vec<Rule>,
}

/// What is wrong with a line, or with a person in its eyes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{target}: {message}")]
pub struct Problem {
    /// The SCIM attribute.
    pub target: String,
    /// What is wrong, and how to mend it.
    pub message: String,
}

impl Problem {
    fn new(target: impl Into<String>, message: impl Into<String>) -> Self {
        Self { target: target.into(), message: message.into() }
    }
}
