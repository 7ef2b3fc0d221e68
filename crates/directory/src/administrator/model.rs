//! An administrator. Pure.

use muster_base::{Id, Micros};

/// The one role there is so far; a later issue adds others.
pub const ROLE: &str = "Administrator";

/// An administrator.
#[derive(Clone, Debug)]
pub struct Administrator {
    /// The id.
    pub id: Id,
    /// The e-mail as written.
    pub email: String,
    /// The first name.
    pub firstname: String,
    /// The last name.
    pub lastname: String,
    /// The provider all of whose organizations they reach.
    pub provider_id: Option<Id>,
    /// Argon2id in PHC form.
    pub password_hash: Option<String>,
    /// Kept out.
    pub suspended: bool,
    /// When they were made.
    pub created_at: Micros,
    /// The beginning of their API key, when they have one.
    pub api_key: Option<(String, Micros)>,
}
