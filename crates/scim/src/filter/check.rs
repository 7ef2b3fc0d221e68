//! Checking a filter against a schema: what a server that knows its attributes says before it looks anything up.

use super::{Filter, Literal, Operator};
use crate::error::{Error, ScimType};
use crate::path::AttributePath;
use crate::schema::{Attribute, Definition, Kind, Returned};

impl Filter {
    /// Whether every attribute is known, may be asked for, and can be compared so.
    ///
    /// # Errors
    /// `invalidFilter`, naming the attribute.
    pub fn check(&self, definition: &Definition) -> Result<(), Error> {
        check(self, &Scope::Resource(definition))
    }

    /// The same of a filter that picks values of an attribute, `emails[type eq "work"]`.
    ///
    /// # Errors
    /// `invalidFilter`, naming the attribute.
    pub fn check_values_of(&self, attribute: &Attribute) -> Result<(), Error> {
        check(self, &Scope::Element(attribute))
    }
}

enum Scope<'a> {
    Resource(&'a Definition),
    Element(&'a Attribute),
}

impl<'a> Scope<'a> {
    fn find(&self, path: &AttributePath) -> Result<&'a Attribute, Error> {
        let (outer, found) = match self {
            Self::Resource(definition) => {
                let located = definition.locate(path);
                (located.as_ref().map(|l| l.attribute), located.map(|l| l.leaf()))
            }
            Self::Element(attribute) => (
                Some(*attribute),
                attribute.sub(&path.attribute).or_else(|| {
                    // A multi-valued attribute of simple values: `value` is the value itself.
                    (attribute.kind != Kind::Complex && path.attribute.eq_ignore_ascii_case("value"))
                        .then_some(*attribute)
                }),
            ),
        };
        let found = found.ok_or_else(|| refused(path, "is not an attribute of this resource"))?;
        if found.returned == Returned::Never || outer.is_some_and(|o| o.returned == Returned::Never) {
            return Err(refused(path, "cannot be searched for"));
        }
        Ok(found)
    }
}

fn refused(path: &AttributePath, why: &str) -> Error {
    Error::new(ScimType::InvalidFilter, format!("filter: {path} {why}"))
}

fn check(filter: &Filter, scope: &Scope<'_>) -> Result<(), Error> {
    match filter {
        Filter::And(parts) | Filter::Or(parts) => parts.iter().try_for_each(|p| check(p, scope)),
        Filter::Not(inner) => check(inner, scope),
        Filter::Present(path) => scope.find(path).map(|_| ()),
        Filter::Elements { path, filter } => {
            let attribute = scope.find(path)?;
            check(filter, &Scope::Element(attribute))
        }
        Filter::Test { path, operator, value } => fits(path, scope.find(path)?, *operator, value),
    }
}

fn fits(path: &AttributePath, found: &Attribute, operator: Operator, value: &Literal) -> Result<(), Error> {
    let attribute = if found.kind == Kind::Complex { found.sub("value").unwrap_or(found) } else { found };
    let equality = matches!(operator, Operator::Eq | Operator::Ne);
    let partial = matches!(operator, Operator::Co | Operator::Sw | Operator::Ew);
    if *value == Literal::Null {
        return if equality { Ok(()) } else { Err(refused(path, "can only be eq or ne null")) };
    }
    match attribute.kind {
        Kind::Complex => Err(refused(path, "is complex: compare one of its sub-attributes")),
        Kind::Boolean | Kind::Binary if !equality => {
            Err(refused(path, &format!("has no order or parts: {} does not apply", operator.word())))
        }
        Kind::Boolean if !is_truth(value) => Err(refused(path, "is true or false")),
        Kind::Integer | Kind::Decimal if partial => {
            Err(refused(path, &format!("is a number: {} does not apply", operator.word())))
        }
        Kind::Integer | Kind::Decimal if !is_number(value) => Err(refused(path, "is a number")),
        Kind::DateTime if !partial && !is_time(value) => {
            Err(refused(path, "is a time: write it as 2026-01-31T12:00:00Z"))
        }
        _ => Ok(()),
    }
}

fn is_truth(value: &Literal) -> bool {
    match value {
        Literal::Bool(_) => true,
        Literal::Text(text) => text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false"),
        _ => false,
    }
}

fn is_number(value: &Literal) -> bool {
    match value {
        Literal::Number(_) => true,
        Literal::Text(text) => serde_json::from_str::<serde_json::Number>(text).is_ok(),
        _ => false,
    }
}

fn is_time(value: &Literal) -> bool {
    matches!(value, Literal::Text(text) if super::compare::time(text).is_some())
}
