//! The operators a test can have: their names on the wire, their labels in the console, how many values they take.

use serde::{Deserialize, Serialize};

/// What a test does with the subject's value. Serialised under its API [`name`](Operator::name).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
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
    #[serde(rename = "greater_than")]
    GreaterThan,
    #[serde(rename = "greater_than_or_equals")]
    GreaterOrEqual,
    #[serde(rename = "less_than")]
    LessThan,
    #[serde(rename = "less_than_or_equals")]
    LessOrEqual,
    IsEmpty,
    IsNotEmpty,
    /// A regular expression that is found somewhere in the value; linear in the value's length ([`crate::Pattern`]).
    Matches,
    NotMatches,
    /// A time that is past by at most a duration.
    WithinLast,
    /// A time that is past by more than a duration.
    LongerAgo,
    /// A time to come in at most a duration.
    WithinNext,
    /// In one of these groups, named by id.
    MemberOf,
    NotMemberOf,
}

/// How many values an operator takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ValueKind {
    One,
    List,
    None,
}

/// Suffix of an operator's wire name that makes its comparison exact.
pub(crate) const CASE_SENSITIVE: &str = "_case_sensitive";

impl Operator {
    /// In the order in which the console offers them.
    pub const ALL: [Operator; 23] = [
        Operator::Equals,
        Operator::NotEquals,
        Operator::In,
        Operator::NotIn,
        Operator::Contains,
        Operator::NotContains,
        Operator::StartsWith,
        Operator::EndsWith,
        Operator::IsEmpty,
        Operator::IsNotEmpty,
        Operator::NotStartsWith,
        Operator::NotEndsWith,
        Operator::GreaterThan,
        Operator::GreaterOrEqual,
        Operator::LessThan,
        Operator::LessOrEqual,
        Operator::Matches,
        Operator::NotMatches,
        Operator::WithinLast,
        Operator::LongerAgo,
        Operator::WithinNext,
        Operator::MemberOf,
        Operator::NotMemberOf,
    ];

    /// Name in the API: JumpCloud's v2 operation (`is_not_empty` and the negations of `starts_with` and
    /// `ends_with`, patterns and durations are ours).
    pub fn name(self) -> &'static str {
        match self {
            Operator::Equals => "equals",
            Operator::NotEquals => "not_equals",
            Operator::In => "in",
            Operator::NotIn => "not_in",
            Operator::Contains => "contains",
            Operator::NotContains => "not_contains",
            Operator::StartsWith => "starts_with",
            Operator::EndsWith => "ends_with",
            Operator::NotStartsWith => "not_starts_with",
            Operator::NotEndsWith => "not_ends_with",
            Operator::GreaterThan => "greater_than",
            Operator::GreaterOrEqual => "greater_than_or_equals",
            Operator::LessThan => "less_than",
            Operator::LessOrEqual => "less_than_or_equals",
            Operator::IsEmpty => "is_empty",
            Operator::IsNotEmpty => "is_not_empty",
            Operator::Matches => "matches",
            Operator::NotMatches => "not_matches",
            Operator::WithinLast => "within_last",
            Operator::LongerAgo => "longer_ago",
            Operator::WithinNext => "within_next",
            Operator::MemberOf => "member_of",
            Operator::NotMemberOf => "not_member_of",
        }
    }

    /// Words in the console.
    pub fn label(self) -> &'static str {
        match self {
            Operator::Equals => "equals",
            Operator::NotEquals => "not equals",
            Operator::In => "in",
            Operator::NotIn => "not in",
            Operator::Contains => "contains",
            Operator::NotContains => "does not contain",
            Operator::StartsWith => "starts with",
            Operator::EndsWith => "ends with",
            Operator::NotStartsWith => "does not start with",
            Operator::NotEndsWith => "does not end with",
            Operator::GreaterThan => "greater than",
            Operator::GreaterOrEqual => "greater than or equals",
            Operator::LessThan => "less than",
            Operator::LessOrEqual => "less than or equals",
            Operator::IsEmpty => "is empty",
            Operator::IsNotEmpty => "is not empty",
            Operator::Matches => "matches pattern",
            Operator::NotMatches => "does not match pattern",
            Operator::WithinLast => "within the last",
            Operator::LongerAgo => "longer ago than",
            Operator::WithinNext => "within the next",
            Operator::MemberOf => "member of",
            Operator::NotMemberOf => "not member of",
        }
    }

    pub fn value_kind(self) -> ValueKind {
        match self {
            Operator::In | Operator::NotIn | Operator::MemberOf | Operator::NotMemberOf => ValueKind::List,
            Operator::IsEmpty | Operator::IsNotEmpty => ValueKind::None,
            _ => ValueKind::One,
        }
    }

    /// The operator that is true exactly where this one is false, where there is one.
    pub fn negation(self) -> Option<Operator> {
        match self {
            Operator::Equals => Some(Operator::NotEquals),
            Operator::NotEquals => Some(Operator::Equals),
            Operator::In => Some(Operator::NotIn),
            Operator::NotIn => Some(Operator::In),
            Operator::Contains => Some(Operator::NotContains),
            Operator::NotContains => Some(Operator::Contains),
            Operator::IsEmpty => Some(Operator::IsNotEmpty),
            Operator::IsNotEmpty => Some(Operator::IsEmpty),
            Operator::Matches => Some(Operator::NotMatches),
            Operator::NotMatches => Some(Operator::Matches),
            Operator::MemberOf => Some(Operator::NotMemberOf),
            Operator::NotMemberOf => Some(Operator::MemberOf),
            // Not of each other: a missing value is on neither side of a bound.
            Operator::GreaterThan | Operator::GreaterOrEqual | Operator::LessThan | Operator::LessOrEqual => None,
            Operator::WithinLast | Operator::LongerAgo | Operator::WithinNext => None,
            Operator::StartsWith => Some(Operator::NotStartsWith),
            Operator::NotStartsWith => Some(Operator::StartsWith),
            Operator::EndsWith => Some(Operator::NotEndsWith),
            Operator::NotEndsWith => Some(Operator::EndsWith),
        }
    }

    /// Whether it is true of exactly those of which the operator that it negates is not.
    pub fn is_negated(self) -> bool {
        matches!(
            self,
            Operator::NotEquals
                | Operator::NotIn
                | Operator::NotContains
                | Operator::NotStartsWith
                | Operator::NotEndsWith
                | Operator::NotMatches
                | Operator::NotMemberOf
        )
    }

    /// Whether what it says of a subject may change by time alone.
    pub fn is_timed(self) -> bool {
        matches!(self, Operator::WithinLast | Operator::LongerAgo | Operator::WithinNext)
    }

    /// Whether there is letter case in what it compares.
    pub fn has_case(self) -> bool {
        !matches!(
            self,
            Operator::IsEmpty
                | Operator::IsNotEmpty
                | Operator::WithinLast
                | Operator::LongerAgo
                | Operator::WithinNext
                | Operator::MemberOf
                | Operator::NotMemberOf
        )
    }

    /// The short name of the older wire forms (`eq`, `co`); ours where those have none.
    pub fn short_name(self) -> &'static str {
        match self {
            Operator::Equals => "eq",
            Operator::NotEquals => "ne",
            Operator::In => "in",
            Operator::NotIn => "nin",
            Operator::Contains => "co",
            Operator::NotContains => "nco",
            Operator::StartsWith => "sw",
            Operator::EndsWith => "ew",
            Operator::NotStartsWith => "nsw",
            Operator::NotEndsWith => "new",
            Operator::GreaterThan => "gt",
            Operator::GreaterOrEqual => "ge",
            Operator::LessThan => "lt",
            Operator::LessOrEqual => "le",
            Operator::IsEmpty => "is_empty",
            Operator::IsNotEmpty => "is_not_empty",
            Operator::Matches => "re",
            Operator::NotMatches => "nre",
            Operator::WithinLast => "wl",
            Operator::LongerAgo => "la",
            Operator::WithinNext => "wn",
            Operator::MemberOf => "mo",
            Operator::NotMemberOf => "nmo",
        }
    }

    /// Reads a wire name of any form, long or short, and whether it asks for exact case.
    pub fn read(written: &str) -> Option<(Operator, bool)> {
        let (name, case_sensitive) = match written.strip_suffix(CASE_SENSITIVE) {
            Some(name) => (name, true),
            None => (written, false),
        };
        let operator = match name {
            "is_null" => Operator::IsEmpty,
            "is_not_null" => Operator::IsNotEmpty,
            "gte" => Operator::GreaterOrEqual,
            "lte" => Operator::LessOrEqual,
            _ => Operator::ALL.into_iter().find(|o| o.name() == name || o.short_name() == name)?,
        };
        // There is no case in being empty, nor in a time.
        if case_sensitive && !operator.has_case() {
            return None;
        }
        Some((operator, case_sensitive))
    }
}
