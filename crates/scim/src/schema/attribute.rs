//! One attribute of a schema and its characteristics (RFC 7643 sections 2.2 to 2.4 and 7).

use serde::{Deserialize, Serialize};

/// The type of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Text.
    #[default]
    String,
    /// Truth.
    Boolean,
    /// Number with a fraction.
    Decimal,
    /// Whole number.
    Integer,
    /// Time as RFC 3339 writes it.
    DateTime,
    /// Base64.
    Binary,
    /// A URI.
    Reference,
    /// Sub-attributes.
    Complex,
}

impl Kind {
    /// With its article, for a message.
    #[must_use]
    pub const fn described(self) -> &'static str {
        match self {
            Self::String => "a text",
            Self::Boolean => "true or false",
            Self::Decimal => "a number",
            Self::Integer => "a whole number",
            Self::DateTime => "a time such as 2026-01-31T12:00:00Z",
            Self::Binary => "base64 text",
            Self::Reference => "a URI",
            Self::Complex => "an object",
        }
    }
}

/// Who may set a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Mutability {
    /// The server alone.
    ReadOnly,
    /// Anyone, any time.
    #[default]
    ReadWrite,
    /// Once.
    Immutable,
    /// Anyone; it is never told.
    WriteOnly,
}

/// When a value is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Returned {
    /// Always, whatever was asked for.
    Always,
    /// Never.
    Never,
    /// Unless excluded.
    #[default]
    Default,
    /// Only when asked for by name.
    Request,
}

/// Within which range a value is taken once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Uniqueness {
    /// None.
    #[default]
    None,
    /// This server.
    Server,
    /// Everywhere.
    Global,
}

/// One attribute. What another server leaves out of its schema has the defaults of RFC 7643 section 2.2.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Attribute {
    /// The name.
    pub name: String,
    /// The type.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// Whether there may be several values.
    pub multi_valued: bool,
    /// What it is for.
    pub description: String,
    /// Whether there must be a value.
    pub required: bool,
    /// Suggested values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub canonical_values: Vec<String>,
    /// Whether letters' case counts.
    pub case_exact: bool,
    /// Who may set it.
    pub mutability: Mutability,
    /// When it is told.
    pub returned: Returned,
    /// Where a value is taken once.
    pub uniqueness: Uniqueness,
    /// What a reference leads to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reference_types: Vec<String>,
    /// The parts of a complex attribute.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sub_attributes: Vec<Attribute>,
}

impl Attribute {
    /// An optional text.
    #[must_use]
    pub fn text(name: &str, description: &str) -> Self {
        Self { name: name.into(), description: description.into(), ..Self::default() }
    }

    /// An optional value of this type.
    #[must_use]
    pub fn of(kind: Kind, name: &str, description: &str) -> Self {
        Self { kind, case_exact: matches!(kind, Kind::Reference | Kind::Binary), ..Self::text(name, description) }
    }

    /// A complex attribute.
    #[must_use]
    pub fn complex(name: &str, description: &str, sub_attributes: Vec<Self>) -> Self {
        Self { sub_attributes, ..Self::of(Kind::Complex, name, description) }
    }

    /// The same, with several values.
    #[must_use]
    pub fn many(mut self) -> Self {
        self.multi_valued = true;
        self
    }

    /// The same, set by the server alone; its parts too.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.mutability = Mutability::ReadOnly;
        self.sub_attributes = self.sub_attributes.into_iter().map(Self::read_only).collect();
        self
    }

    /// The same, with a value in every resource.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The same, compared with case.
    #[must_use]
    pub fn exact(mut self) -> Self {
        self.case_exact = true;
        self
    }

    /// The same, settable once.
    #[must_use]
    pub fn immutable(mut self) -> Self {
        self.mutability = Mutability::Immutable;
        self
    }

    /// The same, with these suggested values.
    #[must_use]
    pub fn one_of(mut self, values: &[&str]) -> Self {
        self.canonical_values = values.iter().map(|v| (*v).to_owned()).collect();
        self
    }

    /// The same, leading to these.
    #[must_use]
    pub fn leading_to(mut self, types: &[&str]) -> Self {
        self.reference_types = types.iter().map(|t| (*t).to_owned()).collect();
        self
    }

    /// The part of this name, letters' case aside.
    #[must_use]
    pub fn sub(&self, name: &str) -> Option<&Self> {
        self.sub_attributes.iter().find(|a| a.name.eq_ignore_ascii_case(name))
    }

    /// Whether it is complex and has a part that is the value as such.
    #[must_use]
    pub fn has_value_part(&self) -> bool {
        self.sub("value").is_some()
    }

    /// How many attributes it is, its parts counted.
    #[must_use]
    pub fn count(&self) -> usize {
        1 + self.sub_attributes.iter().map(Self::count).sum::<usize>()
    }
}
