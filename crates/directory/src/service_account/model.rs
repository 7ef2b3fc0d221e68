//! A service account. Pure.

use muster_base::{Id, Micros, limits};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::FieldError;

/// What an account's `client_id` begins with, before its id.
pub const CLIENT_ID_PREFIX: &str = "sa_";
/// How many accounts an organization may have.
pub const ACCOUNTS_MAX: usize = 200;

/// What a service account may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ServiceAccountRole)]
pub enum Role {
    /// Everything but what is about administrators themselves.
    Administrator,
    /// Reading.
    #[serde(rename = "Read Only")]
    ReadOnly,
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

/// A service account.
#[derive(Clone, Debug)]
pub struct ServiceAccount {
    /// The organization.
    pub org: Id,
    /// The id.
    pub id: Id,
    /// Its name for people.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Kept out.
    pub disabled: bool,
    /// When it was made.
    pub created_at: Micros,
}

impl ServiceAccount {
    /// Its `client_id`.
    #[must_use]
    pub fn client_id(&self) -> String {
        format!("{CLIENT_ID_PREFIX}{}", self.id)
    }

    /// What is wrong with it.
    #[must_use]
    pub fn problems(&self) -> Vec<FieldError> {
        let name = &self.name;
        let wrong =
            name.trim().is_empty() || name.chars().count() > limits::NAME_MAX || name.chars().any(char::is_control);
        let problem = FieldError::new("name", "1 to 255 characters, no control characters");
        if wrong { vec![problem] } else { Vec::new() }
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
        assert!(Role::ALL.into_iter().all(|role| Role::from_word(role.word()) == Some(role)));
    }
}
