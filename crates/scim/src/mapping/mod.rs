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
}

impl Person for BTreeMap<String, String> {
    fn value(&self, name: &str) -> Option<Cow<'_, str>> {
        self.get(name).map(|v| Cow::Borrowed(v.as_str()))
    }
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
}

impl Rule {
    /// From a field, always.
    #[must_use]
    pub fn attribute(target: &str, name: &str) -> Self {
        Self { target: target.into(), source: Source::Attribute(name.into()), when: When::Always }
    }

    /// The same for all, always.
    #[must_use]
    pub fn constant(target: &str, value: Value) -> Self {
        Self { target: target.into(), source: Source::Constant(value), when: When::Always }
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
