//! How workers hear that something was committed. What they do then is theirs.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

/// Commits in quick succession are told of together: each look at what is due is several reads, under load with each commit.
const APART: Duration = Duration::from_millis(20);

/// A receiver that is told of commits: of one at once, of further ones that follow soon together.
pub struct Commits {
    told: watch::Receiver<u64>,
    last: Option<Instant>,
    /// Heard of and not told yet: whoever waits may be dropped meanwhile.
    owed: bool,
}

impl Commits {
    pub(crate) fn new(told: watch::Receiver<u64>) -> Self {
        Self { told, last: None, owed: false }
    }

    /// Waits for a commit that was not told of. May be dropped and called again.
    ///
    /// # Errors
    /// The directory is gone.
    pub async fn changed(&mut self) -> Result<(), watch::error::RecvError> {
        if !self.owed {
            self.told.changed().await?;
            self.owed = true;
        }
        if let Some(last) = self.last {
            tokio::time::sleep_until(last + APART).await;
        }
        self.told.mark_unchanged();
        self.owed = false;
        self.last = Some(Instant::now());
        Ok(())
    }

    /// Whether there is a commit that was not told of.
    #[must_use]
    pub fn has_changed(&self) -> bool {
        self.owed || self.told.has_changed().unwrap_or(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_is_told_at_once_and_those_that_follow_together_even_when_the_wait_is_dropped() {
        let (sender, receiver) = watch::channel(0);
        let mut commits = Commits::new(receiver);
        sender.send_replace(1);
        commits.changed().await.unwrap();
        let told = Instant::now();
        sender.send_replace(2);
        sender.send_replace(3);
        let dropped = tokio::time::timeout(Duration::ZERO, commits.changed()).await;
        assert!(dropped.is_err() && commits.has_changed());
        commits.changed().await.unwrap();
        assert!(told.elapsed() >= APART && !commits.has_changed());
    }
}
