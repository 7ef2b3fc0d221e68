//! How long to wait before the next try.

/// The first wait.
const FIRST_MS: u64 = 1000;
/// The longest wait: an hour, so that a target that comes back is in step within one.
const MAX_MS: u64 = 3_600_000;

/// Milliseconds to wait after `attempt` failed tries (from 1): doubled each time up to an hour, of that between a half
/// and the whole by `jitter` (0 to 1), so that the tries of many objects do not come together. What the receiver asked
/// for (`Retry-After`, in seconds, believed up to a day) is never undercut.
#[must_use]
pub fn delay_ms(attempt: u32, jitter: f64, retry_after_s: Option<u64>) -> u64 {
    let full = FIRST_MS.saturating_mul(1 << attempt.saturating_sub(1).min(20)).min(MAX_MS);
    let share = if jitter.is_finite() { jitter.clamp(0.0, 1.0) } else { 1.0 };
    let half = full / 2;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "within an hour"
    )]
    let jittered = half + (half as f64 * share) as u64;
    match retry_after_s {
        // Spread the others out behind it.
        Some(seconds) => seconds.min(86_400) * 1000 + jittered.min(30_000),
        None => jittered,
    }
}
