//! The circuit breaker of one target: after so many failures in a row nothing is sent for a while, then one request
//! tries.

use serde::{Deserialize, Serialize};

use super::delay_ms;

/// Failures in a row that open it.
const FAILURES: u32 = 5;

/// The state; kept with the target. Times are in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Breaker {
    /// Failures in a row.
    pub failures: u32,
    /// Nothing is sent before.
    pub until_ms: i64,
    /// A request is trying whether the target is back.
    pub trying: bool,
}

impl Breaker {
    /// Whether a request may be sent now. Once the wait is over exactly one may, until its outcome is told.
    #[must_use]
    pub fn lets_through(&mut self, now_ms: i64) -> bool {
        if self.failures < FAILURES {
            return now_ms >= self.until_ms;
        }
        if now_ms < self.until_ms || self.trying {
            return false;
        }
        self.trying = true;
        true
    }

    /// The target answered, whatever it said of the request.
    pub fn answered(&mut self) {
        *self = Self::default();
    }

    /// The target failed: no connection, a time-out, a 5xx.
    pub fn failed(&mut self, now_ms: i64, jitter: f64, retry_after_s: Option<u64>) {
        self.failures = self.failures.saturating_add(1);
        self.trying = false;
        if self.failures >= FAILURES || retry_after_s.is_some() {
            let wait = delay_ms(self.failures.saturating_sub(FAILURES) + 4, jitter, retry_after_s);
            self.until_ms = now_ms.saturating_add(i64::try_from(wait).unwrap_or(i64::MAX));
        }
    }

    /// The target asked for a pause (429) without being broken.
    pub fn pause(&mut self, now_ms: i64, jitter: f64, retry_after_s: Option<u64>) {
        let wait = delay_ms(1, jitter, retry_after_s);
        self.until_ms = self.until_ms.max(now_ms.saturating_add(i64::try_from(wait).unwrap_or(i64::MAX)));
        self.trying = false;
    }

    /// Whether it is open: shown as "failing".
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.failures >= FAILURES
    }
}
