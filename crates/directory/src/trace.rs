//! The trace of a decision: each step, the value it saw, and whether it passed. Decisions return it, events keep it,
//! and the console shows it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where in the console the setting behind a step is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Setting {
    /// The setting's name for a person.
    pub label: String,
    /// The page, below `/console/{slug}`.
    pub path: String,
}

/// One step of a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Step {
    /// What was asked, for a person: "The person is active".
    pub step: String,
    /// The value it saw.
    pub saw: String,
    /// Whether it went the way that leads on.
    pub passed: bool,
    /// The setting to change, where there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub setting: Option<Setting>,
}

/// The steps in their order.
pub type Trace = Vec<Step>;

impl Step {
    /// A step without a setting.
    pub fn new(step: impl Into<String>, saw: impl Into<String>, passed: bool) -> Self {
        Self { step: step.into(), saw: saw.into(), passed, setting: None }
    }

    /// The same step with the setting that decides it.
    #[must_use]
    pub fn with(mut self, label: impl Into<String>, path: impl Into<String>) -> Self {
        self.setting = Some(Setting { label: label.into(), path: path.into() });
        self
    }
}
