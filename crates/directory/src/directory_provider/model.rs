//! A directory provider. Pure.

use std::collections::BTreeSet;

use muster_base::{Id, Micros, limits};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::FieldError;
use crate::administrator::Role;

/// How many directories may feed an organization.
pub const PROVIDERS_MAX: usize = 100;
/// How many groups of one directory may give something.
pub const MAPPINGS_MAX: usize = 500;
/// How many groups of one directory may give a role.
pub const ROLE_MAPPINGS_MAX: usize = 50;
/// How many people a group may hold that gives a role.
pub const LIMIT: std::ops::RangeInclusive<i64> = 1..=1000;
/// How many when nothing is said.
pub const LIMIT_DEFAULT: i64 = 20;
/// The range of ranks.
pub const PRECEDENCE: std::ops::RangeInclusive<i64> = 0..=1000;
/// The rank of a new one.
pub const PRECEDENCE_DEFAULT: i64 = 100;

/// What is behind it. Those that push are spoken to in the same way, whatever they are; those that we read have settings of
/// their own ([`crate::feed`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DirectoryProviderType)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "products by their names")]
pub enum ProviderType {
    Okta,
    Entra,
    JumpCloud,
    OneLogin,
    Google,
    /// Any other that speaks SCIM 2.0.
    Generic,
    /// Google Workspace, which we read.
    #[serde(rename = "google_workspace")]
    GoogleWorkspace,
    /// An LDAP server, which we read.
    Ldap,
}

impl ProviderType {
    /// All.
    pub const ALL: [Self; 8] = [
        Self::Okta,
        Self::Entra,
        Self::JumpCloud,
        Self::OneLogin,
        Self::Google,
        Self::Generic,
        Self::GoogleWorkspace,
        Self::Ldap,
    ];

    /// Whether we read it; the others push.
    #[must_use]
    pub const fn is_read(self) -> bool {
        matches!(self, Self::GoogleWorkspace | Self::Ldap)
    }

    /// The API's word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Okta => "okta",
            Self::Entra => "entra",
            Self::JumpCloud => "jumpcloud",
            Self::OneLogin => "onelogin",
            Self::Google => "google",
            Self::Generic => "generic",
            Self::GoogleWorkspace => "google_workspace",
            Self::Ldap => "ldap",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.word() == word)
    }
}

/// What is done about a person who is here already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DirectoryProviderMatching)]
#[serde(rename_all = "lowercase")]
pub enum Matching {
    /// The directory is told that the person exists.
    #[default]
    None,
    /// Whoever has the same company e-mail is taken over.
    Email,
}

/// What a pushed group gives: membership in a local group, or an administrators' role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleMapping {
    /// The display name of a group that the directory pushes, now or later; of Google Workspace its address. Letters' case
    /// does not count.
    pub group: String,
    /// The local group whose members its members are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_group: Option<Id>,
    /// What its members may do as administrators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// How many people the group may hold to give the role to anybody new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
}

impl RoleMapping {
    /// One that gives a local group.
    pub fn to_group(group: impl Into<String>, user_group: Id) -> Self {
        Self { group: group.into(), user_group: Some(user_group), role: None, limit: None }
    }

    /// One that gives a role.
    pub fn to_role(group: impl Into<String>, role: Role, limit: Option<i64>) -> Self {
        Self { group: group.into(), user_group: None, role: Some(role), limit }
    }

    /// The group's name as names are compared.
    #[must_use]
    pub fn group_norm(&self) -> String {
        self.group.trim().to_lowercase()
    }

    /// How many people the group may hold.
    #[must_use]
    pub fn limit(&self) -> i64 {
        self.limit.unwrap_or(LIMIT_DEFAULT)
    }

    fn problem(&self) -> Option<(&'static str, String)> {
        let name = self.group.trim();
        if name.is_empty() || name.chars().count() > limits::NAME_MAX || name.chars().any(char::is_control) {
            return Some(("group", "the name of a group that the directory pushes: 1 to 255 characters".into()));
        }
        match (self.role, self.user_group, self.limit) {
            (Some(_), Some(_), _) => Some(("role", "a group gives a role or a local group: two lines for both".into())),
            (None, None, _) => {
                Some(("userGroup", "is required: the id of a local group, unless it gives a role".into()))
            }
            (None, _, Some(_)) => Some(("limit", "is for a line that gives a role".into())),
            (_, _, Some(limit)) if !LIMIT.contains(&limit) => {
                Some(("limit", format!("people, from {} to {}", LIMIT.start(), LIMIT.end())))
            }
            _ => None,
        }
    }
}

/// What is entered about a directory provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Doc {
    /// What is done about people who are here already.
    pub matching: Matching,
    /// Among directories that feed the same person: the lower one decides.
    pub precedence: i64,
    /// Whether it may feed.
    pub active: bool,
    /// What its groups give.
    pub role_mappings: Vec<RoleMapping>,
    /// Whether the passwords that it pushes are taken.
    #[serde(default)]
    pub passwords: bool,
}

impl Default for Doc {
    fn default() -> Self {
        Self {
            matching: Matching::None,
            precedence: PRECEDENCE_DEFAULT,
            active: true,
            role_mappings: Vec::new(),
            passwords: false,
        }
    }
}

/// A directory provider.
#[derive(Clone, Debug)]
pub struct DirectoryProvider {
    /// The organization.
    pub org: Id,
    /// The id, also in its address.
    pub id: Id,
    /// The name for people.
    pub name: String,
    /// What is behind it.
    pub kind: ProviderType,
    /// What is entered.
    pub doc: Doc,
    /// Who the requests say they come from.
    pub recognized_caller: Option<String>,
    /// When it asked last, to the minute.
    pub last_request_at: Option<Micros>,
    /// When it was made.
    pub created_at: Micros,
}

impl DirectoryProvider {
    /// Where it stands among those that feed the same person: the lowest decides.
    #[must_use]
    pub const fn rank(&self) -> (i64, Id) {
        (self.doc.precedence, self.id)
    }

    /// What is wrong with it.
    #[must_use]
    pub fn problems(&self) -> Vec<FieldError> {
        let mut out = crate::organization::create::name_problems(&self.name);
        if !PRECEDENCE.contains(&self.doc.precedence) {
            out.push(FieldError::new("precedence", "a whole number from 0 to 1000"));
        }
        if self.doc.passwords && self.kind.is_read() {
            out.push(FieldError::new("passwords", "a directory that is read gives out no passwords"));
        }
        if self.doc.role_mappings.len() > MAPPINGS_MAX {
            out.push(FieldError::new("roleMappings", format!("at most {MAPPINGS_MAX} groups")));
        }
        let mut named = BTreeSet::new();
        for (i, mapping) in self.doc.role_mappings.iter().enumerate() {
            if let Some((field, message)) = mapping.problem() {
                out.push(FieldError::new(format!("roleMappings[{i}].{field}"), message));
            }
            if mapping.role.is_some() && !named.insert(mapping.group_norm()) {
                let message = "another line gives this group a role: change that one";
                out.push(FieldError::new(format!("roleMappings[{i}].group"), message));
            }
        }
        if named.len() > ROLE_MAPPINGS_MAX {
            let message = format!("at most {ROLE_MAPPINGS_MAX} groups may give a role");
            out.push(FieldError::new("roleMappings", message));
        }
        out
    }
}
