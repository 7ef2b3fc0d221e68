//! A person in the eyes of an attribute mapping. Pure.

use std::borrow::Cow;

use muster_scim::mapping::Person;

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

/// Whether a person may have a field of this name.
#[must_use]
pub fn knows(name: &str) -> bool {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_mapping_names_fields_that_there_are() {
        assert_eq!(super::super::Settings::default().mapping().problems(&muster_scim::Definition::user(), &knows), []);
        for unknown in ["manager.name", "addresses.work", "addresses.work.planet", "attributes.", "password"] {
            assert!(!knows(unknown), "{unknown}");
        }
    }
}
