//! A person in the eyes of an attribute mapping. Pure.

use std::borrow::Cow;

use muster_rules::{AttributeType, Moment, Rule, Schema, Subject, evaluate};
use muster_scim::mapping::{Person, Vocabulary};

use crate::user::User;
use crate::user::model::ATTRIBUTES;

/// A person, and the id that the receiver gave to their manager.
#[derive(Clone, Copy, Debug)]
pub struct Mapped<'u> {
    /// The person.
    pub user: &'u User,
    /// The manager there.
    pub manager: Option<&'u str>,
}

const ADDRESS_PARTS: [&str; 5] = ["streetAddress", "locality", "region", "postalCode", "country"];

/// The longest condition, in bytes.
const CONDITION_MAX: usize = 2_000;

/// What a mapping may speak of: fields of a person, and conditions on those.
pub struct Fields;

impl Vocabulary for Fields {
    fn knows(&self, field: &str) -> bool {
        knows(field)
    }

    fn judges(&self, condition: &str) -> Result<(), String> {
        read_condition(condition).map(drop)
    }
}

/// Reads a condition. It may ask for the person's own fields only, since a change of those is what has them sent again, and
/// not how long ago something was, which changes without any.
fn read_condition(text: &str) -> Result<Rule, String> {
    if text.len() > CONDITION_MAX {
        return Err(format!("at most {CONDITION_MAX} bytes"));
    }
    let rule = muster_rules::language::parse(text).map_err(|fault| {
        let character = text.get(..fault.at.start).map_or(0, |before| before.chars().count()) + 1;
        format!("at character {character}: {}", fault.message)
    })?;
    let schema = Schema::users(std::iter::empty());
    for test in rule.tests() {
        let name = &test.attribute;
        let is_own = schema.find(name).is_some_and(|attribute| attribute.kind != AttributeType::Group);
        if !is_own && !name.starts_with(muster_rules::CUSTOM_PREFIX) {
            return Err(format!("\"{name}\" is not a field of the person that a condition may ask for"));
        }
        if test.operator.is_timed() {
            return Err(format!("{name}: how long ago something was cannot be asked here"));
        }
    }
    Ok(rule)
}

/// The fields that a condition asks for; none of one that cannot be read.
pub(super) fn asked_for(condition: &str) -> Vec<String> {
    let rule = read_condition(condition).ok();
    rule.iter().flat_map(Rule::attributes).map(str::to_owned).collect()
}

/// A person's own fields, as rules see them.
struct Own<'u>(&'u User);

impl Subject for Own<'_> {
    fn value(&self, attribute: &str) -> Option<Cow<'_, str>> {
        self.0.attribute(attribute)
    }
}

/// Whether a person may have a field of this name.
#[must_use]
fn knows(name: &str) -> bool {
    ATTRIBUTES.iter().any(|(fixed, _)| *fixed == name)
        || ["_id", "state", "created", "unix_guid", "manager.remoteId"].contains(&name)
        || name.strip_prefix("attributes.").is_some_and(|n| !n.is_empty())
        || name.strip_prefix("phoneNumbers.").is_some_and(|kind| !kind.is_empty())
        || name
            .strip_prefix("addresses.")
            .and_then(|rest| rest.split_once('.'))
            .is_some_and(|(kind, part)| !kind.is_empty() && ADDRESS_PARTS.contains(&part))
}

impl Person for Mapped<'_> {
    fn value(&self, name: &str) -> Option<Cow<'_, str>> {
        if name == "manager.remoteId" {
            return self.manager.map(Cow::Borrowed);
        }
        if let Some(kind) = name.strip_prefix("phoneNumbers.") {
            let of_kind = |k: &Option<String>| k.as_deref().is_some_and(|k| k.eq_ignore_ascii_case(kind));
            let found = self.user.profile.phone_numbers.iter().find(|n| of_kind(&n.kind))?;
            return found.number.as_deref().map(Cow::Borrowed);
        }
        if let Some((kind, part)) = name.strip_prefix("addresses.").and_then(|rest| rest.split_once('.')) {
            let of_kind = |k: &Option<String>| k.as_deref().is_some_and(|k| k.eq_ignore_ascii_case(kind));
            let found = self.user.profile.addresses.iter().find(|a| of_kind(&a.kind))?;
            let value = match part {
                "streetAddress" => &found.street_address,
                "locality" => &found.locality,
                "region" => &found.region,
                "postalCode" => &found.postal_code,
                "country" => &found.country,
                _ => return None,
            };
            return value.as_deref().map(Cow::Borrowed);
        }
        self.user.attribute(name)
    }

    fn holds(&self, condition: &str) -> bool {
        // Nothing in it measures from the present.
        read_condition(condition).is_ok_and(|rule| evaluate(&rule, &Own(self.user), Moment(0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_mapping_names_fields_that_there_are() {
        assert_eq!(super::super::Settings::default().mapping().problems(&muster_scim::Definition::user(), &Fields), []);
        for unknown in ["manager.name", "addresses.work", "addresses.work.planet", "attributes.", "password"] {
            assert!(!knows(unknown), "{unknown}");
        }
    }
}
