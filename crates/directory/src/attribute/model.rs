//! A declared custom attribute. Pure.

use muster_base::Micros;
use muster_rules::AttributeType;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What values of a custom attribute are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomAttributeType)]
#[serde(rename_all = "lowercase")]
pub enum Type {
    /// Any text.
    String,
    /// A decimal number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A day (`2024-01-31`) or a time (`2024-01-31T09:00:00Z`).
    Date,
}

impl Type {
    const ALL: [Self; 4] = [Self::String, Self::Number, Self::Boolean, Self::Date];

    /// The word in the database and the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Date => "date",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// As rules know it.
    #[must_use]
    pub const fn of_rules(self) -> AttributeType {
        match self {
            Self::String => AttributeType::Text,
            Self::Number => AttributeType::Number,
            Self::Boolean => AttributeType::Bool,
            Self::Date => AttributeType::Date,
        }
    }
}

/// A declared attribute.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The name, compared with case.
    pub name: String,
    /// What its values are.
    pub kind: Type,
    /// For people.
    pub description: String,
    /// When it was declared.
    pub created_at: Micros,
}
