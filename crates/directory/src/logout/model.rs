//! A notice: one application to be told that one session ended. Pure.

use muster_base::{Id, Micros};
use serde::Serialize;
use utoipa::ToSchema;

/// How long an application is tried, in seconds: a day, then an administrator sees that it was never told.
pub const GIVE_UP_S: i64 = 86_400;
/// How long whoever claimed a notice has before another may, in seconds: more than all requests to one application of one
/// round may take.
pub const LEASE_S: i64 = 120;
/// How many notices of one application are claimed at once: one that has thousands waiting leaves room for the others.
pub const PER_APPLICATION: i64 = 8;
/// The first wait after a failure, in seconds; it doubles.
const FIRST_WAIT_S: i64 = 5;
/// The longest wait, in seconds.
const LONGEST_WAIT_S: i64 = 3600;

/// Where a notice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LogoutState)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Not tried yet.
    Waiting,
    /// Tried, and tried again later.
    Retrying,
    /// The application knows.
    Delivered,
    /// Given up.
    Failed,
}

/// One application to be told that one session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The organization.
    pub org: Id,
    /// The id.
    pub id: Id,
    /// The session that ended for the application: the `sid` of its tokens.
    pub session: Id,
    /// The application.
    pub app: Id,
    /// The person.
    pub user: Id,
    /// When it was put on the list.
    pub created_at: Micros,
    /// When it is due.
    pub next_at: Micros,
    /// How often it was tried, the attempt that goes on included.
    pub attempts: i64,
    /// When it was delivered or given up.
    pub done_at: Option<Micros>,
    /// Whether the application knows.
    pub delivered: bool,
    /// What went wrong last, in words.
    pub error: Option<String>,
}

impl Notice {
    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> State {
        match (self.done_at.is_some(), self.delivered, &self.error) {
            (true, true, _) => State::Delivered,
            (true, false, _) => State::Failed,
            (false, _, Some(_)) => State::Retrying,
            (false, _, None) => State::Waiting,
        }
    }

    /// When it is tried again after a failure; `None` when it is given up.
    #[must_use]
    pub fn again_at(&self, now: Micros) -> Option<Micros> {
        let next = now.plus_s(wait_s(self.attempts));
        (next < self.created_at.plus_s(GIVE_UP_S)).then_some(next)
    }
}

/// How long to wait after so many failures, in seconds: 5, 10, 20, ... up to an hour.
#[must_use]
pub fn wait_s(failures: i64) -> i64 {
    (FIRST_WAIT_S << (failures - 1).clamp(0, 12)).min(LONGEST_WAIT_S)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_an_hour_and_ends_after_a_day() {
        assert_eq!([1, 2, 3, 10, 11, 99].map(wait_s), [5, 10, 20, 2560, 3600, 3600]);
        let id: Id = "0123456789abcdef01234567".parse().unwrap();
        let mut notice = Notice {
            org: id,
            id,
            session: id,
            app: id,
            user: id,
            created_at: Micros(0),
            next_at: Micros(0),
            attempts: 0,
            done_at: None,
            delivered: false,
            error: None,
        };
        let (mut now, mut tries) = (Micros(0), 0);
        loop {
            notice.attempts += 1;
            tries += 1;
            match notice.again_at(now) {
                Some(next) => now = next,
                None => break,
            }
        }
        assert!(now < Micros(0).plus_s(GIVE_UP_S) && (30..60).contains(&tries), "{now:?} {tries}");
    }
}
