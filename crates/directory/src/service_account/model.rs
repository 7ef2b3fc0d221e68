//! A service account. Pure.

use crate::FieldError;
use crate::administrator::Role;
use muster_base::{Id, Micros, limits};

/// What an account's `client_id` begins with, before its id.
pub const CLIENT_ID_PREFIX: &str = "sa_";
/// How many accounts an organization may have.
pub const ACCOUNTS_MAX: usize = 200;

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
