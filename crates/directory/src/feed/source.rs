//! A directory that we read. Pure.

use muster_base::{Id, Micros};

use super::Settings;

/// How long after a failure it is tried again, in seconds; each further failure doubles it.
const RETRY_S: i64 = 300;
/// The longest wait after failures, in seconds.
const RETRY_MAX_S: i64 = 86_400;
/// The time at which what is not due ever is due.
pub const NEVER: Micros = Micros(i64::MAX);

/// A directory that we read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The organization.
    pub org: Id,
    /// The directory provider.
    pub provider: Id,
    /// What is entered.
    pub settings: Settings,
    /// Whether a password or key is kept.
    pub has_secret: bool,
    /// When the settings were changed last.
    pub set_at: Micros,
    /// Whether an administrator has let it be read for good.
    pub active: bool,
    /// Whether it rests.
    pub paused: bool,
    /// When it is read by itself.
    pub next_at: Micros,
    /// How often reading failed since it worked.
    pub failures: i64,
    /// When it failed last, and why.
    pub failed: Option<(Micros, String)>,
}

impl Source {
    /// When it is read next, when the last reading worked at `now`.
    #[must_use]
    pub fn after_success(&self, now: Micros) -> Micros {
        match self.settings.every_minutes {
            0 => NEVER,
            minutes => now.plus_s(minutes * 60),
        }
    }

    /// When it is read next, when the last reading failed at `now`: later with each failure, and not more often than it
    /// would be otherwise.
    #[must_use]
    pub fn after_failure(&self, now: Micros) -> Micros {
        if self.settings.every_minutes == 0 {
            return NEVER;
        }
        let doublings = u32::try_from(self.failures.clamp(0, 12)).unwrap_or(12);
        let wait = (RETRY_S << doublings)
            .clamp(self.settings.every_minutes * 60, RETRY_MAX_S.max(self.settings.every_minutes * 60));
        now.plus_s(wait)
    }
}
