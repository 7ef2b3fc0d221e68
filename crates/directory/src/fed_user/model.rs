//! A person whom a directory feeds. Pure.

use muster_base::{Id, Micros, Secret};
use serde_json::{Map, Value};

use crate::user::User;

/// A person and the bond to the directory that feeds them.
#[derive(Clone, Debug)]
pub struct Fed {
    /// The person.
    pub user: User,
    /// The directory provider.
    pub provider: Id,
    /// The directory's own name for the person.
    pub external_id: Option<String>,
    /// Whether the directory made the person.
    pub made_here: bool,
    /// What it sent, in canonical form.
    pub doc: String,
    /// Counts what it changed.
    pub version: i64,
    /// Whether the person has had a password here since the directory's passwords were taken, and keeps it though they are not any
    /// more.
    pub keeps_password: bool,
    /// Since when it feeds the person.
    pub created_at: Micros,
    /// When it changed something last.
    pub updated_at: Micros,
}

/// What a directory says of a person.
#[derive(Clone, Debug, Default)]
pub struct Feed {
    /// Its own name for the person.
    pub external_id: Option<String>,
    /// The user name.
    pub username: String,
    /// The company e-mail; without one the person has an address that no mail reaches.
    pub email: Option<String>,
    /// Whether the person may come in; `None`: it says nothing of it, and they stay as they are.
    pub active: Option<bool>,
    /// Members of the v1 object that it has values for, custom attributes apart.
    pub profile: Map<String, Value>,
    /// The custom attributes that it has values for.
    pub attributes: Vec<(String, String)>,
    /// All of it, in canonical form.
    pub doc: String,
    /// All addresses; `None`: those that it told before.
    pub emails: Option<Vec<String>>,
    /// A new password, checked and hashed ([`crate::password::prepare`]): taken where the directory's passwords are.
    pub password_hash: Option<Secret>,
}
