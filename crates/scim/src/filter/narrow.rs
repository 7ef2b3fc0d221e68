//! What a store's indexes can answer of a filter: a condition over indexed fields that every matching resource
//! fulfils. Where it says less than the filter, the store's rows are evaluated once more.
//! Never here: SQL, which the store writes from the condition.

use super::{Filter, Literal, Operator};
use crate::path::AttributePath;
use crate::urn;

/// A field that a store has an index for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StoreField {
    /// `id`; compared with case.
    Id,
    /// `externalId`; compared with case.
    ExternalId,
    /// `userName`.
    UserName,
    /// `displayName`.
    DisplayName,
    /// A value of `emails`.
    Email,
    /// A value of `members`.
    Member,
    /// `active`.
    Active,
    /// `meta.created`.
    Created,
    /// `meta.lastModified`.
    LastModified,
}

impl StoreField {
    /// The field that the path names, letters' case aside.
    #[must_use]
    pub fn of(path: &AttributePath) -> Option<Self> {
        let core = |s: &str| s.eq_ignore_ascii_case(urn::USER) || s.eq_ignore_ascii_case(urn::GROUP);
        if !path.schema.as_deref().is_none_or(core) {
            return None;
        }
        let sub = path.sub.as_deref().map(str::to_ascii_lowercase);
        match (path.attribute.to_ascii_lowercase().as_str(), sub.as_deref()) {
            ("id", None) => Some(Self::Id),
            ("externalid", None) => Some(Self::ExternalId),
            ("username", None) => Some(Self::UserName),
            ("displayname", None) => Some(Self::DisplayName),
            ("emails", None | Some("value")) => Some(Self::Email),
            ("members", None | Some("value")) => Some(Self::Member),
            ("active", None) => Some(Self::Active),
            ("meta", Some("created")) => Some(Self::Created),
            ("meta", Some("lastmodified")) => Some(Self::LastModified),
            _ => None,
        }
    }

    /// Whether a resource has several values of it.
    #[must_use]
    pub const fn is_many(self) -> bool {
        matches!(self, Self::Email | Self::Member)
    }

    /// Whether letters' case counts.
    #[must_use]
    pub const fn is_exact(self) -> bool {
        matches!(self, Self::Id | Self::ExternalId)
    }
}

/// A condition over indexed fields.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Every resource.
    Always,
    /// Of a field with several values, one stands in this relation. A field without a value is not `eq`, and is `ne`.
    Test {
        /// The field.
        field: StoreField,
        /// How it is compared; for times by time, for texts by [`StoreField::is_exact`].
        operator: Operator,
        /// With what; never `null`.
        value: Literal,
    },
    /// The field has a value.
    Present(StoreField),
    /// All hold; at least two.
    And(Vec<Condition>),
    /// One holds; at least two.
    Or(Vec<Condition>),
    /// Does not hold.
    Not(Box<Condition>),
}

/// A filter as far as indexes know.
#[derive(Clone, Debug, PartialEq)]
pub struct Narrowed {
    /// What every match fulfils.
    pub condition: Condition,
    /// Whether everything that fulfils it is a match; otherwise evaluate the filter on each.
    pub exact: bool,
}

impl Narrowed {
    const NOTHING: Self = Self { condition: Condition::Always, exact: false };
}

/// The condition that a store with these fields can put to its indexes.
#[must_use]
pub fn narrow(filter: &Filter, has: &dyn Fn(StoreField) -> bool) -> Narrowed {
    let field = |path: &AttributePath| StoreField::of(path).filter(|f| has(*f));
    // Whether there are e-mails is not whether they have values: the store knows of values alone.
    let of_values = |path: &AttributePath| field(path).filter(|f| !f.is_many() || path.sub.is_some());
    match filter {
        Filter::Test { path, operator, value } => {
            let found = if *value == Literal::Null { of_values(path) } else { field(path) };
            found.map_or(Narrowed::NOTHING, |f| test(f, *operator, value))
        }
        Filter::Present(path) => of_values(path)
            .map_or(Narrowed::NOTHING, |f| Narrowed { condition: Condition::Present(f), exact: !has_empty(f) }),
        Filter::Elements { path, filter } => match field(path).filter(|f| f.is_many()) {
            Some(f) => elements(f, filter),
            None => Narrowed::NOTHING,
        },
        Filter::And(parts) => all(parts.iter().map(|p| narrow(p, has))),
        Filter::Or(parts) => any(parts.iter().map(|p| narrow(p, has))),
        Filter::Not(inner) => {
            let inner = narrow(inner, has);
            // The opposite of "at least these" says nothing.
            if inner.exact { Narrowed { condition: negated(inner.condition), exact: true } } else { Narrowed::NOTHING }
        }
    }
}

/// An empty text is stored and is not "present".
fn has_empty(field: StoreField) -> bool {
    !matches!(field, StoreField::Active | StoreField::Created | StoreField::LastModified)
}

fn test(field: StoreField, operator: Operator, value: &Literal) -> Narrowed {
    let condition = match (operator, value) {
        (Operator::Eq, Literal::Null) => negated(Condition::Present(field)),
        (Operator::Ne, Literal::Null) => Condition::Present(field),
        // "One value differs" is no look-up.
        (Operator::Ne, _) if field.is_many() => return Narrowed::NOTHING,
        (_, Literal::Null) => return Narrowed::NOTHING,
        (_, value) => match typed(field, operator, value) {
            Some(value) => Condition::Test { field, operator, value },
            None => return Narrowed::NOTHING,
        },
    };
    Narrowed { condition, exact: true }
}

/// The literal as the field's type has it; `None` when the comparison is odd and better left to evaluation.
fn typed(field: StoreField, operator: Operator, value: &Literal) -> Option<Literal> {
    match (field, value) {
        (StoreField::Active, Literal::Bool(_)) if matches!(operator, Operator::Eq | Operator::Ne) => {
            Some(value.clone())
        }
        (StoreField::Active, Literal::Text(text)) if matches!(operator, Operator::Eq | Operator::Ne) => {
            ["true", "false"].into_iter().find(|w| text.eq_ignore_ascii_case(w)).map(|w| Literal::Bool(w == "true"))
        }
        (StoreField::Active, _) => None,
        (StoreField::Created | StoreField::LastModified, Literal::Text(text)) => {
            let partial = matches!(operator, Operator::Co | Operator::Sw | Operator::Ew);
            (!partial && super::compare::time(text).is_some()).then(|| value.clone())
        }
        (StoreField::Created | StoreField::LastModified, _) => None,
        (_, Literal::Text(_)) => Some(value.clone()),
        (_, Literal::Number(number)) => Some(Literal::Text(number.to_string())),
        _ => None,
    }
}

/// Inside `emails[…]`: comparisons of `value` are look-ups. Two of them, or one and something else, may be fulfilled by
/// different values, so the result is exact for one alone.
fn elements(field: StoreField, filter: &Filter) -> Narrowed {
    let is_value = |path: &AttributePath| path.attribute.eq_ignore_ascii_case("value");
    match filter {
        Filter::Test { path, operator, value } if is_value(path) && *value != Literal::Null => {
            test(field, *operator, value)
        }
        Filter::And(parts) => Narrowed { exact: false, ..all(parts.iter().map(|p| elements(field, p))) },
        Filter::Or(parts) => any(parts.iter().map(|p| elements(field, p))),
        // "One value that is not so" differs from "no value is so".
        _ => Narrowed::NOTHING,
    }
}

fn all(parts: impl Iterator<Item = Narrowed>) -> Narrowed {
    let mut exact = true;
    let mut conditions = Vec::new();
    for part in parts {
        exact &= part.exact;
        if part.condition != Condition::Always {
            conditions.push(part.condition);
        }
    }
    let condition = match conditions.len() {
        0 => Condition::Always,
        1 => conditions.remove(0),
        _ => Condition::And(conditions),
    };
    Narrowed { condition, exact }
}

fn any(parts: impl Iterator<Item = Narrowed>) -> Narrowed {
    let parts: Vec<_> = parts.collect();
    let exact = parts.iter().all(|p| p.exact);
    if parts.iter().any(|p| p.condition == Condition::Always) {
        return Narrowed { condition: Condition::Always, exact };
    }
    Narrowed { condition: Condition::Or(parts.into_iter().map(|p| p.condition).collect()), exact }
}

fn negated(condition: Condition) -> Condition {
    Condition::Not(Box::new(condition))
}
