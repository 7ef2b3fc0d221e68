//! How often a network may do what costs us much (a password hash, a mail): a token bucket per network prefix, on this
//! node. The lockout per account is the directory's and holds over all nodes.

use std::num::NonZeroU32;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// Sign-in attempts per second and network, and how many at once.
const SIGN_INS_PER_S: NonZeroU32 = NonZeroU32::new(20).unwrap();
const SIGN_INS_AT_ONCE: NonZeroU32 = NonZeroU32::new(200).unwrap();
/// Buckets are dropped when there are more than this; full ones lose nothing.
const BUCKETS_MAX: usize = 100_000;

/// The limits.
pub struct Rates {
    sign_ins: DefaultKeyedRateLimiter<String>,
}

impl Rates {
    pub(crate) fn new() -> Self {
        Self { sign_ins: RateLimiter::keyed(Quota::per_second(SIGN_INS_PER_S).allow_burst(SIGN_INS_AT_ONCE)) }
    }

    /// Counts a sign-in attempt of a network.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn sign_in(&self, prefix: &str) -> Result<(), u32> {
        if self.sign_ins.len() > BUCKETS_MAX {
            self.sign_ins.retain_recent();
        }
        self.sign_ins.check_key(&prefix.to_owned()).map_err(|not_until| {
            let wait = not_until.wait_time_from(DefaultClock::default().now());
            u32::try_from(wait.as_secs()).unwrap_or(60).saturating_add(1)
        })
    }
}
