//! The delete guard: a plan that takes away more than somebody said waits for somebody.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Action, Decision};

/// One line of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// The object here.
    pub key: String,
    /// Its name for people.
    pub label: String,
    /// The decision.
    #[serde(flatten)]
    pub decision: Decision,
}

/// How many lines of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// By the name of the action.
    pub actions: BTreeMap<String, usize>,
    /// How many of them take something away: deactivate and delete.
    pub taking_away: usize,
}

/// Counts the decisions.
#[must_use]
pub fn tally<'d>(decisions: impl IntoIterator<Item = &'d Decision>) -> Tally {
    let mut out = Tally::default();
    for decision in decisions {
        *out.actions.entry(decision.action.name().to_owned()).or_insert(0) += 1;
        out.taking_away += usize::from(decision.action.takes_away());
    }
    out
}

impl Action {
    /// The name in a tally.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Create => "create",
            Self::Adopt { .. } => "adopt",
            Self::Update => "update",
            Self::Deactivate => "deactivate",
            Self::Reactivate => "reactivate",
            Self::Delete => "delete",
            Self::Forget => "forget",
            Self::Conflict => "conflict",
        }
    }

    /// Whether somebody loses access by it.
    #[must_use]
    pub const fn takes_away(&self) -> bool {
        matches!(self, Self::Deactivate | Self::Delete)
    }
}

/// How much may be taken away without asking. The stricter of the two counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Guard {
    /// At most so many.
    pub max_count: Option<u32>,
    /// At most so many of a hundred linked ones; a single one is always let through.
    pub max_percent: Option<u8>,
}

impl Default for Guard {
    fn default() -> Self {
        Self { max_count: Some(50), max_percent: Some(10) }
    }
}

impl Guard {
    /// Why the plan has to wait; `None` when it may go on. `taken` is how many are to be taken away, those that were
    /// within the guard's current window included; `linked` how many objects are linked.
    #[must_use]
    pub fn holds(&self, taken: usize, linked: usize) -> Option<String> {
        if let Some(max) = self.max_count
            && taken > max as usize
        {
            return Some(format!(
                "{taken} accounts would be deactivated or deleted; more than {max} wait for approval"
            ));
        }
        if let Some(percent) = self.max_percent
            && taken > 1
            && taken.saturating_mul(100) > linked.saturating_mul(usize::from(percent))
        {
            return Some(format!(
                "{taken} of {linked} accounts would be deactivated or deleted; more than {percent} % wait for approval"
            ));
        }
        None
    }
}
