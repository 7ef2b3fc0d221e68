//! What is wrong with a rule, and where.

use serde::{Deserialize, Serialize};

/// One fault of a rule as it was written: the place, as a path into the request body, and words that name the fix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{path}: {message}")]
pub struct Problem {
    /// Such as `memberQuery.filters[1].value`.
    pub path: String,
    pub message: String,
}

impl Problem {
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into() }
    }
}
