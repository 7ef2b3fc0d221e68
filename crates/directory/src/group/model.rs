//! A group, its rule and who is in it by that rule. Pure.

use muster_base::{Id, Micros, limits};
use muster_rules::MemberQuery;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::FieldError;
use crate::user::User;

/// How members come (`membershipMethod`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MembershipMethod)]
pub enum Method {
    /// By hand.
    #[serde(rename = "STATIC", alias = "NOTSET")]
    Static,
    /// By the rule.
    #[serde(rename = "DYNAMIC_AUTOMATED")]
    DynamicAutomated,
}

impl Method {
    /// The API's word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Static => "STATIC",
            Self::DynamicAutomated => "DYNAMIC_AUTOMATED",
        }
    }

    /// Reads the API's word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "STATIC" | "NOTSET" => Some(Self::Static),
            "DYNAMIC_AUTOMATED" => Some(Self::DynamicAutomated),
            _ => None,
        }
    }
}

/// How a member came to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// Put there by hand.
    Direct,
    /// The rule.
    Rule,
    /// An exemption: always in.
    Exemption,
}

impl Via {
    /// The word in the database and the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Rule => "rule",
            Self::Exemption => "exemption",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Direct, Self::Rule, Self::Exemption].into_iter().find(|v| v.word() == word)
    }
}

/// What an exemption does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExemptionMode {
    /// Always a member.
    In,
    /// Never a member.
    Out,
    /// As they are: the rule does not touch them, an administrator may (JumpCloud's exemption).
    #[default]
    Keep,
}

impl ExemptionMode {
    /// The word in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
            Self::Keep => "keep",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::In, Self::Out, Self::Keep].into_iter().find(|m| m.word() == word)
    }
}

/// A person whom the rule does not decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exemption {
    /// Who.
    pub user: Id,
    /// What it does.
    pub mode: ExemptionMode,
}

/// What a group gives its members besides access; kept as entered for the parts that use it later.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = GroupAttributes)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "the fields are JumpCloud's GroupAttributes")]
pub struct Attributes {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sudo: Option<Sudo>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ldap_groups: Vec<LdapGroup>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub posix_groups: Vec<PosixGroup>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub samba_enabled: Option<bool>,
}

/// `attributes.sudo`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "the fields are JumpCloud's GroupAttributes")]
pub struct Sudo {
    pub enabled: bool,
    pub without_password: bool,
}

/// `attributes.ldapGroups[]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[expect(missing_docs, reason = "the fields are JumpCloud's GroupAttributes")]
pub struct LdapGroup {
    pub name: String,
}

/// `attributes.posixGroups[]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[expect(missing_docs, reason = "the fields are JumpCloud's GroupAttributes")]
pub struct PosixGroup {
    pub id: i64,
    pub name: String,
}

/// The settings of a group that no rule reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Doc {
    /// For people.
    pub description: String,
    /// The group's own address.
    pub email: String,
    /// `attributes`.
    pub attributes: Attributes,
    /// `memberSuggestionsNotify`.
    pub suggestions_notify: bool,
}

/// A group.
#[derive(Clone, Debug)]
pub struct Group {
    /// The organization.
    pub org: Id,
    /// The id.
    pub id: Id,
    /// The name, unique without regard to case.
    pub name: String,
    /// Other settings.
    pub doc: Doc,
    /// How members come.
    pub method: Method,
    /// The rule; kept while the group is static.
    pub member_query: Option<MemberQuery>,
    /// When it was made.
    pub created_at: Micros,
}

/// A change of a group: what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The name.
    pub name: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// The address.
    pub email: Option<String>,
    /// `attributes`.
    pub attributes: Option<Attributes>,
    /// `memberSuggestionsNotify`.
    pub suggestions_notify: Option<bool>,
    /// How members come.
    pub method: Option<Method>,
    /// The rule; `Some(None)` drops it.
    pub member_query: Option<Option<MemberQuery>>,
    /// All exemptions.
    pub exemptions: Option<Vec<Exemption>>,
}

impl Group {
    /// This group with the change applied, or what is wrong with it.
    ///
    /// # Errors
    /// Each wrong field.
    pub fn with(&self, input: &Input) -> Result<Self, Vec<FieldError>> {
        let mut group = self.clone();
        if let Some(name) = &input.name {
            name.trim().clone_into(&mut group.name);
        }
        if let Some(description) = &input.description {
            group.doc.description.clone_from(description);
        }
        if let Some(email) = &input.email {
            group.doc.email.clone_from(email);
        }
        if let Some(attributes) = &input.attributes {
            group.doc.attributes = attributes.clone();
        }
        if let Some(notify) = input.suggestions_notify {
            group.doc.suggestions_notify = notify;
        }
        if let Some(method) = input.method {
            group.method = method;
        }
        if let Some(query) = &input.member_query {
            group.member_query.clone_from(query);
        }
        let problems = group.problems();
        if problems.is_empty() { Ok(group) } else { Err(problems) }
    }

    fn problems(&self) -> Vec<FieldError> {
        let mut out = crate::organization::create::name_problems(&self.name);
        if self.doc.description.chars().count() > limits::TEXT_MAX || self.doc.description.contains('\0') {
            out.push(FieldError::new("description", "at most 1024 characters"));
        }
        if !self.doc.email.is_empty()
            && let Err(error) = self.doc.email.parse::<muster_base::Email>()
        {
            out.push(FieldError::new("email", error.to_string()));
        }
        let names = self.doc.attributes.ldap_groups.iter().map(|g| &g.name);
        if names
            .chain(self.doc.attributes.posix_groups.iter().map(|g| &g.name))
            .any(|n| n.is_empty() || n.len() > limits::NAME_MAX || n.contains('\0'))
        {
            out.push(FieldError::new("attributes", "each group name has 1 to 255 characters"));
        }
        if self.method == Method::DynamicAutomated {
            match &self.member_query {
                None => out.push(FieldError::new("memberQuery", "a dynamic group needs a rule: add a condition")),
                Some(query) if query.rule().tests().is_empty() => {
                    out.push(FieldError::new("memberQuery.filters", "add at least one condition"));
                }
                Some(_) => {}
            }
        }
        out
    }
}

/// Whether a person is in a dynamic group, and why. `now` is how they are in it at present.
#[must_use]
pub fn decide(query: &MemberQuery, exemption: Option<ExemptionMode>, now: Option<Via>, user: &User) -> Option<Via> {
    match exemption {
        Some(ExemptionMode::In) => Some(Via::Exemption),
        Some(ExemptionMode::Out) => None,
        Some(ExemptionMode::Keep) => now.map(|_| Via::Direct),
        None => muster_rules::evaluate(query.rule(), user).then_some(Via::Rule),
    }
}

/// Reads a rule in the form that the console writes (JumpCloud's v2 form).
///
/// # Errors
/// [`crate::Error::Invalid`] with each problem at its place.
pub fn read_query(value: &serde_json::Value) -> crate::Result<MemberQuery> {
    MemberQuery::read(value, true).map_err(|problems| {
        crate::Error::Invalid(problems.into_iter().map(|p| FieldError::new(p.path, p.message)).collect())
    })
}

/// The rule of "All Users": any state at all.
///
/// # Panics
/// Never: the text is fixed and a test reads it.
#[must_use]
#[expect(clippy::expect_used, reason = "a fixed text that a test reads")]
pub fn everyone_query() -> MemberQuery {
    let states = json!({"filters": [{"field": "user.user_state", "operation": "in", "value": ["STAGED", "ACTIVATED", "SUSPENDED"]}]});
    MemberQuery::read(&states, true).expect("a fixed text")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_of_all_users_reads() {
        assert_eq!(everyone_query().rule().tests().len(), 1);
    }
}
