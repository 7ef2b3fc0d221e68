//! Counts of the work done, so that a test can hold a caller to a number of statements instead of to a time.

use std::sync::atomic::{AtomicU64, Ordering};

/// Totals since the database was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Statements run for reads and works (not BEGIN, SAVEPOINT and the like).
    pub statements: u64,
    /// Works whose changes were committed.
    pub works: u64,
    /// Transactions committed; on SQLite one may hold many works.
    pub commits: u64,
    /// Works begun again after a serialization failure or a deadlock (PostgreSQL).
    pub retries: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    statements: AtomicU64,
    works: AtomicU64,
    commits: AtomicU64,
    retries: AtomicU64,
}

impl Counters {
    pub(crate) fn statements(&self, n: u64) {
        self.statements.fetch_add(n, Ordering::Relaxed);
    }

    pub(crate) fn committed(&self, works: u64) {
        self.works.fetch_add(works, Ordering::Relaxed);
        self.commits.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn retried(&self) {
        self.retries.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> Counts {
        Counts {
            statements: self.statements.load(Ordering::Relaxed),
            works: self.works.load(Ordering::Relaxed),
            commits: self.commits.load(Ordering::Relaxed),
            retries: self.retries.load(Ordering::Relaxed),
        }
    }
}
