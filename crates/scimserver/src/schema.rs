//! The kinds of resources as this organization has them: a user with the enterprise extension and its own custom
//! attributes, a group. `uniqueness: server` (RFC 7643 section 2.2) is where another's value is refused with 409.

use std::sync::LazyLock;

use muster_scim::schema::{Uniqueness, custom_schema};
use muster_scim::urn::MUSTER_USER;
use muster_scim::{Definition, schema};
use serde_json::{Map, Value};

/// The user without custom attributes.
static USER: LazyLock<Definition> = LazyLock::new(|| {
    let mut user = Definition::user();
    let attributes = user.core.attributes.iter_mut();
    for attribute in attributes.chain(user.extensions.iter_mut().flat_map(|e| &mut e.schema.attributes)) {
        match attribute.name.as_str() {
            "employeeNumber" => attribute.uniqueness = Uniqueness::Server,
            // Of several the one that becomes the company e-mail; which of them that is a schema cannot say.
            "emails" => attribute.sub_attributes.iter_mut().filter(|p| p.name == "value").for_each(|part| {
                part.uniqueness = Uniqueness::Server;
                part.description = "The address; the primary one is nobody else's.".into();
            }),
            _ => {}
        }
    }
    user
});
/// The group.
static GROUP: LazyLock<Definition> = LazyLock::new(|| {
    let mut group = Definition::group();
    // As RFC 7643 section 8.7.1 has it: a member's name is the member's, and is told there.
    for attribute in &mut group.core.attributes {
        if attribute.name == "displayName" {
            attribute.uniqueness = Uniqueness::Server;
        }
        attribute.sub_attributes.retain(|part| part.name != "display");
    }
    group
});

/// The group.
pub(crate) fn group() -> &'static Definition {
    &GROUP
}

/// A user with these custom attributes.
pub(crate) fn user<'n>(names: impl IntoIterator<Item = &'n str>) -> std::borrow::Cow<'static, Definition> {
    let mut names = names.into_iter().peekable();
    if names.peek().is_none() {
        return std::borrow::Cow::Borrowed(&USER);
    }
    std::borrow::Cow::Owned(USER.clone().with_extension(custom_schema(MUSTER_USER, names)))
}

/// The custom attributes that a resource names: under the extension's URN, or as one key with it.
pub(crate) fn custom_names(resource: &Map<String, Value>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (key, value) in resource {
        if key.eq_ignore_ascii_case(MUSTER_USER) {
            names.extend(value.as_object().into_iter().flat_map(|held| held.keys().cloned()));
        } else {
            names.extend(custom_name(key));
        }
    }
    names
}

/// The custom attribute that a path names.
pub(crate) fn custom_name(path: &str) -> Option<String> {
    let start = path.get(..MUSTER_USER.len())?;
    if !start.eq_ignore_ascii_case(MUSTER_USER) {
        return None;
    }
    let name = path.get(MUSTER_USER.len()..)?.strip_prefix(':')?;
    Some(name.to_owned()).filter(|n| !n.is_empty())
}

/// A member, letters' case aside.
pub(crate) fn member<'m>(members: &'m Map<String, Value>, name: &str) -> Option<&'m Value> {
    schema::member(members, name)
}
