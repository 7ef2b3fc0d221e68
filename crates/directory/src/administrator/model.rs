//! An administrator. Pure.

use muster_base::{Id, Micros};

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
    /// Of one who is a person of an organization: who, and what gave it to them.
    pub derived: Option<Derived>,
}

/// Where a person's being an administrator comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    /// The organization.
    pub org: Id,
    /// The person.
    pub user: Id,
    /// The directory provider.
    pub provider: Id,
    /// Its name.
    pub provider_name: String,
    /// Its group.
    pub group: Id,
    /// The group's name.
    pub group_name: String,
}

impl Derived {
    /// What to answer to whoever would change it by hand.
    #[must_use]
    pub fn refusal(&self) -> String {
        format!(
            "this administrator follows from the directory provider \"{}\" and its group \"{}\": change the group there, or the mapping here",
            self.provider_name, self.group_name
        )
    }
}
