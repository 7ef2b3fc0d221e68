//! The attributes a rule may speak of, with their types: what a rule is checked against and what the console offers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Operator::{
    Contains, EndsWith, Equals, GreaterOrEqual, GreaterThan, In, IsEmpty, IsNotEmpty, LessOrEqual, LessThan, LongerAgo,
    Matches, MemberOf, NotContains, NotEndsWith, NotEquals, NotIn, NotMatches, NotMemberOf, NotStartsWith, StartsWith,
    WithinLast, WithinNext,
};
use crate::{Operator, Test};

/// What values of an attribute look like, and so which operators make sense for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AttributeType {
    Text,
    /// One of these, compared without regard to case.
    Enumeration(Vec<String>),
    Number,
    Bool,
    Date,
    /// A reference to groups, by their ids.
    Group,
}

/// One attribute of the schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// Canonical name, `attributes.NAME` for a custom one.
    pub name: String,
    /// Words in the console.
    pub label: String,
    pub kind: AttributeType,
    pub custom: bool,
}

/// The attributes of one kind of subject in one organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    attributes: Vec<Attribute>,
}

/// Prefix of a custom attribute's canonical name.
pub const CUSTOM_PREFIX: &str = "attributes.";

/// Names as in JumpCloud's v1 user, labels as in its console.
const USER_TEXTS: [(&str, &str); 15] = [
    ("username", "Username"),
    ("email", "Company Email"),
    ("firstname", "First Name"),
    ("middlename", "Middle Name"),
    ("lastname", "Last Name"),
    ("displayname", "Display Name"),
    ("company", "Company"),
    ("costCenter", "Cost Center"),
    ("department", "Department"),
    ("description", "Description"),
    ("employeeIdentifier", "Employee ID"),
    ("employeeType", "Employee Type"),
    ("jobTitle", "Job Title"),
    ("location", "Location"),
    ("manager", "Manager"),
];

/// Text takes the bounds and durations too: custom attributes hold numbers and dates as text.
const TEXT: &[Operator] = &[
    Equals,
    NotEquals,
    In,
    NotIn,
    Contains,
    NotContains,
    StartsWith,
    NotStartsWith,
    EndsWith,
    NotEndsWith,
    IsEmpty,
    IsNotEmpty,
    Matches,
    NotMatches,
    GreaterThan,
    GreaterOrEqual,
    LessThan,
    LessOrEqual,
    WithinLast,
    LongerAgo,
    WithinNext,
];
const GROUP: &[Operator] = &[MemberOf, NotMemberOf];
const ENUMERATION: &[Operator] = &[Equals, NotEquals, In, NotIn, IsEmpty, IsNotEmpty];
const NUMBER: &[Operator] =
    &[Equals, NotEquals, In, NotIn, GreaterThan, GreaterOrEqual, LessThan, LessOrEqual, IsEmpty, IsNotEmpty];
const BOOL: &[Operator] = &[Equals, NotEquals, IsEmpty, IsNotEmpty];
/// No equality: nobody means a time to the microsecond.
const DATE: &[Operator] =
    &[WithinLast, LongerAgo, WithinNext, GreaterThan, GreaterOrEqual, LessThan, LessOrEqual, IsEmpty, IsNotEmpty];

impl AttributeType {
    /// Name in the API.
    pub fn name(&self) -> &'static str {
        match self {
            AttributeType::Text => "text",
            AttributeType::Enumeration(_) => "enumeration",
            AttributeType::Number => "number",
            AttributeType::Bool => "bool",
            AttributeType::Date => "date",
            AttributeType::Group => "group",
        }
    }

    /// The operators that apply, in the order in which the console offers them.
    pub fn operators(&self) -> &'static [Operator] {
        match self {
            AttributeType::Text => TEXT,
            AttributeType::Enumeration(_) => ENUMERATION,
            AttributeType::Number => NUMBER,
            AttributeType::Bool => BOOL,
            AttributeType::Date => DATE,
            AttributeType::Group => GROUP,
        }
    }

    /// The values to choose from, where they are known.
    pub fn values(&self) -> Option<Vec<&str>> {
        match self {
            AttributeType::Enumeration(values) => Some(values.iter().map(String::as_str).collect()),
            AttributeType::Bool => Some(vec!["true", "false"]),
            _ => None,
        }
    }
}

impl Schema {
    pub fn new(attributes: Vec<Attribute>) -> Self {
        Self { attributes }
    }

    /// Users: the fields of the v1 user and the custom attributes by their bare names (any order, repeats allowed).
    pub fn users(custom: impl Iterator<Item = String>) -> Self {
        Self::typed_users(custom.map(|name| (name, AttributeType::Text)).collect())
    }

    /// The same, with the custom attributes' types.
    pub fn typed_users(custom: BTreeMap<String, AttributeType>) -> Self {
        let plain = |(name, label): (&str, &str), kind| Attribute {
            name: name.to_owned(),
            label: label.to_owned(),
            kind,
            custom: false,
        };
        let mut attributes: Vec<_> = USER_TEXTS.into_iter().map(|pair| plain(pair, AttributeType::Text)).collect();
        let states = ["STAGED", "ACTIVATED", "SUSPENDED"].map(str::to_owned).to_vec();
        attributes.push(plain(("state", "User State"), AttributeType::Enumeration(states)));
        attributes.push(plain(("created", "Created"), AttributeType::Date));
        attributes.push(plain(("groups", "User Group"), AttributeType::Group));
        attributes.extend(custom.into_iter().map(|(label, kind)| Attribute {
            name: format!("{CUSTOM_PREFIX}{label}"),
            label,
            kind,
            custom: true,
        }));
        Self { attributes }
    }

    /// In the order in which the console offers them.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// With further attributes at its end.
    #[must_use]
    pub fn with(mut self, further: impl IntoIterator<Item = Attribute>) -> Self {
        self.attributes.extend(further);
        self
    }

    /// By canonical name; names are case-sensitive, as in JumpCloud.
    pub fn find(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// A test in words: `Department equals "Sales"`.
    pub fn describe(&self, test: &Test) -> String {
        let label = self.find(&test.attribute).map_or(test.attribute.as_str(), |attribute| &attribute.label);
        let values: Vec<_> = test.values.iter().map(|value| format!("{value:?}")).collect();
        let case = if test.case_sensitive { " (case-sensitive)" } else { "" };
        format!("{label} {} {}{case}", test.operator.label(), values.join(", ")).trim_end().to_owned()
    }
}

/// Whether an attribute can have several values: those that lead to other objects do.
pub(crate) fn has_several(attribute: &str) -> bool {
    attribute == "groups"
        || attribute == "identityProviders"
        || attribute.ends_with(".groups")
        || attribute.starts_with("devices.")
        || attribute.starts_with("managers.")
}
