//! A group, its rule and who is in it by that rule. Pure.

use muster_base::{Id, Micros, limits};
use muster_rules::MemberQuery;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::FieldError;

/// What a group holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// People.
    User,
    /// Devices.
    Device,
}

impl GroupKind {
    /// The word in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Device => "device",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::User, Self::Device].into_iter().find(|k| k.word() == word)
    }

    /// JumpCloud's word for such a group in its graph.
    #[must_use]
    pub const fn graph(self) -> &'static str {
        match self {
            Self::User => "user_group",
            Self::Device => "system_group",
        }
    }

    /// JumpCloud's word for a member in its graph.
    #[must_use]
    pub const fn member(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Device => "system",
        }
    }
}

/// How members come (`membershipMethod`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MembershipMethod)]
pub enum Method {
    /// By hand.
    #[serde(rename = "STATIC", alias = "NOTSET")]
    Static,
    /// The rule suggests, an administrator decides.
    #[serde(rename = "DYNAMIC_REVIEW_REQUIRED")]
    DynamicReviewRequired,
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
            Self::DynamicReviewRequired => "DYNAMIC_REVIEW_REQUIRED",
            Self::DynamicAutomated => "DYNAMIC_AUTOMATED",
        }
    }

    /// Reads the API's word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "STATIC" | "NOTSET" => Some(Self::Static),
            "DYNAMIC_REVIEW_REQUIRED" => Some(Self::DynamicReviewRequired),
            "DYNAMIC_AUTOMATED" => Some(Self::DynamicAutomated),
            _ => None,
        }
    }

    /// Whether a rule is asked.
    #[must_use]
    pub const fn is_dynamic(self) -> bool {
        !matches!(self, Self::Static)
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
    /// A member of a group that is a member.
    Nested,
}

impl Via {
    /// The word in the database and the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Rule => "rule",
            Self::Exemption => "exemption",
            Self::Nested => "nested",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Direct, Self::Rule, Self::Exemption, Self::Nested].into_iter().find(|v| v.word() == word)
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

/// A member, or one who would be, whom the rule does not decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exemption {
    /// Who.
    pub member: Id,
    /// What it does.
    pub mode: ExemptionMode,
    /// Why, for people.
    pub reason: String,
    /// The administrator who set it; `None` where nobody noted it.
    pub set_by: Option<Id>,
    /// When it was set.
    pub set_at: Micros,
    /// When it lifts by itself.
    pub until: Option<Micros>,
}

/// An exemption as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exempt {
    /// Who.
    pub member: Id,
    /// What it does.
    pub mode: ExemptionMode,
    /// Why, for people.
    pub reason: String,
    /// When it lifts by itself.
    pub until: Option<Micros>,
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
    /// What it holds.
    pub kind: GroupKind,
    /// The name, unique among those of its kind without regard to case.
    pub name: String,
    /// Other settings.
    pub doc: Doc,
    /// How members come.
    pub method: Method,
    /// The rule; kept while the group is static.
    pub member_query: Option<MemberQuery>,
    /// Who is kept out though the rule or a nested group lets them in.
    pub exclude_query: Option<MemberQuery>,
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
    /// The rule of who is kept out; `Some(None)` drops it.
    pub exclude_query: Option<Option<MemberQuery>>,
    /// All groups whose members are members.
    pub nested: Option<Vec<Id>>,
    /// All exemptions.
    pub exemptions: Option<Vec<Exempt>>,
    /// Whether members whom a rule that decides from now on would put out stay in, by exemptions.
    pub keep_members: bool,
    /// Whether it is to be saved however many join or leave.
    pub confirmed: bool,
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
        if let Some(query) = &input.exclude_query {
            group.exclude_query.clone_from(query);
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
        if self.method.is_dynamic() {
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

/// Reads a rule in the form that the console writes (JumpCloud's v2 form).
///
/// # Errors
/// [`crate::Error::Invalid`] with each problem at its place.
pub fn read_query(value: &serde_json::Value) -> crate::Result<MemberQuery> {
    MemberQuery::read(value, true).map_err(|problems| {
        crate::Error::Invalid(problems.into_iter().map(|p| FieldError::new(p.path, p.message)).collect())
    })
}

impl Group {
    /// The rules that decide: who is in, and who is not though in by it.
    pub fn queries(&self) -> impl Iterator<Item = &MemberQuery> {
        self.member_query.iter().chain(&self.exclude_query)
    }

    /// What a change of it is logged about.
    #[must_use]
    pub const fn subject(&self) -> crate::change::Subject {
        crate::change::Subject { kind: self.kind.graph(), id: self.id }
    }
}

/// The rule of "All Users": any state at all.
///
/// # Panics
/// Never: the text is fixed and a test reads it.
#[must_use]
pub fn everyone_query() -> MemberQuery {
    fixed(
        &json!({"filters": [{"field": "user.user_state", "operation": "in", "value": ["STAGED", "ACTIVATED", "SUSPENDED"]}]}),
    )
}

#[expect(clippy::expect_used, reason = "a fixed text that a test reads")]
fn fixed(query: &serde_json::Value) -> MemberQuery {
    MemberQuery::read(query, true).expect("a fixed text")
}

/// The groups that every organization begins with: kind, name, description, rule.
///
/// # Panics
/// Never: the texts are fixed and a test reads them.
#[must_use]
pub fn default_groups() -> Vec<(GroupKind, &'static str, &'static str, MemberQuery)> {
    let devices =
        |family: &str| fixed(&json!({"filters": [{"field": "osFamily", "operation": "equals", "value": family}]}));
    let any = json!({"filters": [{"field": "_id", "operation": "is_not_empty"}]});
    vec![
        (GroupKind::User, "All Users", "Everyone in this organization.", everyone_query()),
        (GroupKind::Device, "All Devices", "Every device of this organization.", fixed(&any)),
        (GroupKind::Device, "Android Devices", "Devices that run Android.", devices("android")),
        (GroupKind::Device, "iOS Devices", "Devices that run iOS.", devices("ios")),
        (GroupKind::Device, "Linux Devices", "Devices that run Linux.", devices("linux")),
        (GroupKind::Device, "Mac Devices", "Devices that run macOS.", devices("darwin")),
        (GroupKind::Device, "Windows Devices", "Devices that run Windows.", devices("windows")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_of_the_default_groups_read() {
        assert!(default_groups().iter().all(|(_, _, _, query)| query.rule().tests().len() == 1));
    }
}
