//! The roles of administrators, and of the programs that act like them. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an administrator or a service account may do in an organization; the greater one is the one that may do more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[schema(as = Role)]
pub enum Role {
    /// Reading.
    #[serde(rename = "Read Only")]
    ReadOnly,
    /// Everything; for a service account, but what is about administrators themselves.
    Administrator,
}

impl Role {
    /// All.
    pub const ALL: [Self; 2] = [Self::Administrator, Self::ReadOnly];

    /// JumpCloud's name.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Administrator => "Administrator",
            Self::ReadOnly => "Read Only",
        }
    }

    /// Reads the name.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// Whether it may ask in this way (an HTTP method in capitals).
    #[must_use]
    pub fn allows(self, method: &str) -> bool {
        match self {
            Self::Administrator => true,
            Self::ReadOnly => matches!(method, "GET" | "HEAD"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_reads_does_not_write() {
        for method in ["GET", "HEAD"] {
            assert!(Role::ReadOnly.allows(method) && Role::Administrator.allows(method));
        }
        for method in ["POST", "PUT", "PATCH", "DELETE", "get", "X"] {
            assert!(!Role::ReadOnly.allows(method), "{method}");
        }
        assert!(Role::Administrator > Role::ReadOnly);
        assert!(Role::ALL.into_iter().all(|role| Role::from_word(role.word()) == Some(role)));
    }
}
