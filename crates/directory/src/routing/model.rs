//! A routing policy. Pure.

use muster_base::{Id, Micros, limits};
use serde_json::{Map, Value, json};

use crate::FieldError;

/// Whom a policy is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A user group.
    Group(Id),
    /// A person.
    User(Id),
}

impl Target {
    /// JumpCloud's graph word and the id.
    #[must_use]
    pub const fn parts(self) -> (&'static str, Id) {
        match self {
            Self::Group(id) => ("user_group", id),
            Self::User(id) => ("user", id),
        }
    }
}

/// A routing policy.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The organization.
    pub org: Id,
    /// The id.
    pub id: Id,
    /// The name.
    pub name: String,
    /// For people.
    pub description: String,
    /// A disabled policy routes nobody.
    pub enabled: bool,
    /// Lower ones are asked first.
    pub position: i64,
    /// Where it sends.
    pub idp: Id,
    /// Whom.
    pub targets: Vec<Target>,
    /// When it was made.
    pub created_at: Micros,
}

/// A change of a policy: what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// Policy Name.
    pub name: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// On or off.
    pub enabled: Option<bool>,
    /// Lower ones are asked first; a new one without it comes last.
    pub position: Option<i64>,
    /// User Authentication With.
    pub idp: Option<Id>,
    /// All targets.
    pub targets: Option<Vec<Target>>,
}

/// How many policies an organization may have.
pub const POLICIES_MAX: usize = 500;
/// How many targets a policy may have.
pub const TARGETS_MAX: usize = 1000;

impl Policy {
    /// What the log tells of it, by the API's names; who it is for in one order.
    pub(crate) fn view(&self) -> Map<String, Value> {
        let mut targets = self.targets.clone();
        targets.sort();
        targets.dedup();
        let targets: Vec<Value> =
            targets.into_iter().map(Target::parts).map(|(kind, id)| json!({"type": kind, "id": id})).collect();
        let pairs = [
            ("name", json!(self.name)),
            ("description", json!(self.description)),
            ("enabled", json!(self.enabled)),
            ("order", json!(self.position)),
            ("identityProviderId", json!(self.idp)),
            ("targets", json!(targets)),
        ];
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// What is wrong with it.
    #[must_use]
    pub fn problems(&self) -> Vec<FieldError> {
        let mut out = crate::organization::create::name_problems(&self.name);
        if self.description.chars().count() > limits::TEXT_MAX || self.description.contains('\0') {
            out.push(FieldError::new("description", "at most 1024 characters"));
        }
        if !(0..=1_000_000).contains(&self.position) {
            out.push(FieldError::new("order", "from 0 to 1000000"));
        }
        if self.targets.len() > TARGETS_MAX {
            out.push(FieldError::new("userGroups", format!("at most {TARGETS_MAX} groups and people")));
        }
        out
    }
}
