//! What *Test Connection* tells, line by line. Pure.

use muster_directory::provision::report::{Line, Outcome, TestReport};

/// A report that grows.
#[derive(Clone, Debug, Default)]
pub struct Report(Vec<Line>);

impl Report {
    fn line(&mut self, check: &str, outcome: Outcome, message: String) {
        self.0.push(Line { check: check.into(), outcome, message });
    }

    /// As it should be.
    pub fn passed(&mut self, check: &str, message: &str) {
        self.line(check, Outcome::Passed, message.to_owned());
    }

    /// It cannot be read so.
    #[must_use]
    pub fn failed(mut self, check: &str, message: String) -> Self {
        self.line(check, Outcome::Failed, message);
        self
    }

    /// It was not tried.
    #[must_use]
    pub fn skipped(mut self, check: &str, message: &str) -> Self {
        self.line(check, Outcome::Skipped, message.to_owned());
        self
    }

    /// As it is told.
    #[must_use]
    pub fn finish(self) -> TestReport {
        TestReport { ok: self.0.iter().all(|line| line.outcome != Outcome::Failed), lines: self.0 }
    }
}
