//! Filters (RFC 7644 section 3.4.2.2): the tree, its reading and writing, its check against a schema, its evaluation on
//! a resource, and the part of it that a store's indexes can answer.

mod check;
mod compare;
mod display;
mod evaluate;
mod narrow;
mod parse;

pub(crate) use compare::time;
pub use narrow::{Condition, Narrowed, StoreField, narrow};
pub use parse::Problem;
pub(crate) use parse::Reader;

use serde_json::{Number, Value};

use crate::path::AttributePath;

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Contains.
    Co,
    /// Starts with.
    Sw,
    /// Ends with.
    Ew,
    /// Greater than.
    Gt,
    /// Greater than or equal.
    Ge,
    /// Less than.
    Lt,
    /// Less than or equal.
    Le,
}

impl Operator {
    /// All of them.
    pub const ALL: [Self; 9] =
        [Self::Eq, Self::Ne, Self::Co, Self::Sw, Self::Ew, Self::Gt, Self::Ge, Self::Lt, Self::Le];

    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Co => "co",
            Self::Sw => "sw",
            Self::Ew => "ew",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
        }
    }

    /// Reads the word without regard to case.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.word().eq_ignore_ascii_case(word))
    }
}

/// What an attribute is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// A text, a time written as text included.
    Text(String),
    /// A number.
    Number(Number),
    /// A truth.
    Bool(bool),
    /// Unassigned.
    Null,
}

impl Literal {
    /// The JSON value.
    #[must_use]
    pub fn json(&self) -> Value {
        match self {
            Self::Text(text) => Value::String(text.clone()),
            Self::Number(number) => Value::Number(number.clone()),
            Self::Bool(truth) => Value::Bool(*truth),
            Self::Null => Value::Null,
        }
    }
}

/// A filter. What is read is at most [`crate::limits::FILTER_DEPTH_MAX`] levels deep, so that walking it may recurse.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// One comparison.
    Test {
        /// The attribute.
        path: AttributePath,
        /// How it is compared.
        operator: Operator,
        /// With what.
        value: Literal,
    },
    /// The attribute has a value.
    Present(AttributePath),
    /// One value of a multi-valued attribute fits the inner filter, whose paths are sub-attributes.
    Elements {
        /// The multi-valued attribute.
        path: AttributePath,
        /// What one value must fit.
        filter: Box<Filter>,
    },
    /// All fit; at least two.
    And(Vec<Filter>),
    /// One fits; at least two.
    Or(Vec<Filter>),
    /// Does not fit.
    Not(Box<Filter>),
}

impl Filter {
    /// `path eq "text"`.
    #[must_use]
    pub fn eq(path: AttributePath, text: impl Into<String>) -> Self {
        Self::Test { path, operator: Operator::Eq, value: Literal::Text(text.into()) }
    }

    /// The values that an element must have to fit, when the filter says nothing but equalities that hold together:
    /// what `emails[type eq "work"]` means for an element that has to be made.
    #[must_use]
    pub fn equalities(&self) -> Option<Vec<(&str, Value)>> {
        match self {
            Self::Test { path, operator: Operator::Eq, value } if *value != Literal::Null => {
                Some(vec![(path.attribute.as_str(), value.json())])
            }
            Self::And(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    all.extend(part.equalities()?);
                }
                Some(all)
            }
            _ => None,
        }
    }
}
