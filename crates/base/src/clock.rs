//! The clock. The only place that reads the system's time.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A point in time: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Micros(pub i64);

impl Micros {
    /// The point `seconds` later.
    #[must_use]
    pub const fn plus_s(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// The point `seconds` earlier.
    #[must_use]
    pub const fn minus_s(self, seconds: i64) -> Self {
        self.plus_s(-seconds)
    }

    /// Whole seconds since 1970, as JWT's NumericDate wants them (RFC 7519 section 2).
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// The point at whole seconds since 1970.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    /// RFC 3339 with milliseconds in UTC, the form of every time in the API: `2026-11-21T08:00:00.000Z`.
    #[must_use]
    pub fn rfc3339(self) -> String {
        let ms = self.0.div_euclid(1000);
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000).map_or_else(
            |_| String::new(),
            |t| {
                format!(
                    "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                    t.year(),
                    u8::from(t.month()),
                    t.day(),
                    t.hour(),
                    t.minute(),
                    t.second(),
                    t.millisecond()
                )
            },
        )
    }

    /// Reads an RFC 3339 time.
    #[must_use]
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        let t = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        i64::try_from(t.unix_timestamp_nanos() / 1000).ok().map(Self)
    }
}

/// Tells the time: the system's, or one that a test moves.
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    System,
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until [`Clock::advance_s`] moves it; for tests and for `--dev`.
    #[must_use]
    pub fn manual(start: Micros) -> Self {
        Self(Source::Manual(Arc::new(AtomicI64::new(start.0))))
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Micros {
        match &self.0 {
            #[expect(clippy::disallowed_methods, reason = "the one place that reads it")]
            Source::System => Micros(
                std::time::SystemTime::now()
                    .duration_since(std::time::UNIX_EPOCH)
                    .map_or(0, |d| i64::try_from(d.as_micros()).unwrap_or(i64::MAX)),
            ),
            Source::Manual(at) => Micros(at.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock; a system clock stays as it is and answers false.
    pub fn advance_s(&self, seconds: i64) -> bool {
        match &self.0 {
            Source::System => false,
            Source::Manual(at) => {
                at.fetch_add(seconds.saturating_mul(1_000_000), Ordering::SeqCst);
                true
            }
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Source::System => "Clock(system)",
            Source::Manual(_) => "Clock(manual)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_and_reads_rfc3339() {
        let at = Micros(1_700_000_000_123_456);
        assert_eq!(at.rfc3339(), "2023-11-14T22:13:20.123Z");
        assert_eq!(Micros::parse_rfc3339("2023-11-14T22:13:20.123Z"), Some(Micros(1_700_000_000_123_000)));
        assert_eq!(Micros::parse_rfc3339("yesterday"), None);
    }

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = Clock::manual(Micros(5));
        assert_eq!(clock.now(), Micros(5));
        assert!(clock.advance_s(2));
        assert_eq!(clock.now(), Micros(2_000_005));
    }
}
