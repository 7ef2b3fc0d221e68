//! What a connection test found, in words.

use serde::{Deserialize, Serialize};

/// How one step went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// As it should be.
    Passed,
    /// Otherwise, and it can be lived with.
    Noted,
    /// Nothing can be sent so.
    Failed,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// What was tried.
    pub step: String,
    /// How it went.
    pub verdict: Verdict,
    /// What the answer meant.
    pub words: String,
}

/// The whole test.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Step by step.
    pub lines: Vec<Line>,
}

impl Report {
    /// Whether the application can be activated.
    #[must_use]
    pub fn passed(&self) -> bool {
        !self.lines.is_empty() && self.lines.iter().all(|l| l.verdict != Verdict::Failed)
    }

    pub(super) fn add(&mut self, step: &str, verdict: Verdict, words: impl Into<String>) {
        self.lines.push(Line { step: step.into(), verdict, words: words.into() });
    }
}
