//! Makes an initial access token (RFC 7591 section 3).

use muster_base::{Secret, limits};
use serde_json::json;

use super::store::{self, InitialToken};
use crate::change::{Kind, Subject};
use crate::{Error, FieldError, Result, Verb, Write};

/// How many clients may register with one token at most.
pub const USES_MAX: i64 = 1000;
/// How long a token lives at most, in seconds.
pub const TTL_MAX_S: i64 = 365 * 86_400;

/// Makes a token from a secret of the caller's.
pub struct Create {
    /// The token.
    pub token: Secret,
    /// For whom it is.
    pub description: String,
    /// How many clients may register with it.
    pub uses: i64,
    /// How long it lives, in seconds.
    pub ttl_s: i64,
}

impl Verb for Create {
    type Out = InitialToken;

    async fn run(&self, w: &mut Write<'_>) -> Result<InitialToken> {
        let mut problems = Vec::new();
        if !(1..=USES_MAX).contains(&self.uses) {
            problems.push(FieldError::new("uses", format!("from 1 to {USES_MAX}")));
        }
        if !(60..=TTL_MAX_S).contains(&self.ttl_s) {
            problems.push(FieldError::new("expiresIn", format!("from 60 to {TTL_MAX_S} seconds")));
        }
        if self.description.chars().count() > limits::NAME_MAX || self.description.chars().any(char::is_control) {
            problems.push(FieldError::new("description", "at most 255 characters, no control characters"));
        }
        Error::unless_empty(problems)?;
        let token = InitialToken {
            id: w.env().id(),
            description: self.description.clone(),
            uses_left: self.uses,
            created_at: w.now(),
            expires_at: w.now().plus_s(self.ttl_s),
        };
        store::insert(w, &token, self.token.digest()).await?;
        let fields = json!({"registrationToken": token.id, "uses": self.uses, "description": self.description});
        let org = w.org();
        w.log(Kind::RegistrationTokenCreate, Subject::organization(org), fields);
        Ok(token)
    }
}
