//! How often a network may do what costs us much (a password hash, a mail): a token bucket per network prefix, on this
//! node. The lockout per account is the directory's and holds over all nodes.

use std::num::NonZeroU32;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// Sign-in attempts per second and network, and how many at once.
const SIGN_INS_PER_S: NonZeroU32 = NonZeroU32::new(20).unwrap();
const SIGN_INS_AT_ONCE: NonZeroU32 = NonZeroU32::new(200).unwrap();
/// User codes of devices that somebody types, per second and network, and how many at once: a code has 34 bits and lives
/// for minutes.
const USER_CODES_PER_S: NonZeroU32 = NonZeroU32::new(1).unwrap();
const USER_CODES_AT_ONCE: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// Clients that register themselves, per second and network, and how many at once.
const REGISTRATIONS_PER_S: NonZeroU32 = NonZeroU32::new(2).unwrap();
const REGISTRATIONS_AT_ONCE: NonZeroU32 = NonZeroU32::new(100).unwrap();
/// Buckets are dropped when there are more than this; full ones lose nothing.
const BUCKETS_MAX: usize = 100_000;

/// The limits.
pub struct Rates {
    sign_ins: DefaultKeyedRateLimiter<String>,
    user_codes: DefaultKeyedRateLimiter<String>,
    registrations: DefaultKeyedRateLimiter<String>,
}

impl Rates {
    pub(crate) fn new() -> Self {
        let limit = |per_s, at_once| RateLimiter::keyed(Quota::per_second(per_s).allow_burst(at_once));
        Self {
            sign_ins: limit(SIGN_INS_PER_S, SIGN_INS_AT_ONCE),
            user_codes: limit(USER_CODES_PER_S, USER_CODES_AT_ONCE),
            registrations: limit(REGISTRATIONS_PER_S, REGISTRATIONS_AT_ONCE),
        }
    }

    /// Counts a sign-in attempt of a network.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn sign_in(&self, prefix: &str) -> Result<(), u32> {
        count(&self.sign_ins, prefix)
    }

    /// Counts a user code that was typed.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn user_code(&self, prefix: &str) -> Result<(), u32> {
        count(&self.user_codes, prefix)
    }

    /// Counts a client that registers itself.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn registration(&self, prefix: &str) -> Result<(), u32> {
        count(&self.registrations, prefix)
    }
}

fn count(limiter: &DefaultKeyedRateLimiter<String>, prefix: &str) -> Result<(), u32> {
    if limiter.len() > BUCKETS_MAX {
        limiter.retain_recent();
    }
    limiter.check_key(&prefix.to_owned()).map_err(|not_until| {
        let wait = not_until.wait_time_from(DefaultClock::default().now());
        u32::try_from(wait.as_secs()).unwrap_or(60).saturating_add(1)
    })
}
