//! A resource in canonical form: names in the schema's own letters, values of the schema's types, lists where lists
//! belong, extensions under their URNs, nothing unassigned. Reading is tolerant, writing strict.

mod coerce;
mod person;
mod read;
mod same;
mod write;

pub use person::{Address, Enterprise, Group, Manager, Member, Meta, MultiValue, Name, User};
pub use read::{Reading, Unknown};
pub(crate) use same::key;
pub use same::{same, same_value};
pub use write::MetaOf;

pub(crate) use coerce::value as coerced;

use serde_json::{Map, Value};

use crate::path::AttributePath;
use crate::schema::{Definition, member};

/// A resource. Two are equal when their values are, whatever the order of attributes and of lists' values
/// ([`same`] is that comparison; `==` regards the order of lists).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resource(pub Map<String, Value>);

impl Resource {
    /// A top-level text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        member(&self.0, name)?.as_str()
    }

    /// The id that the service provider gave.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.text("id")
    }

    /// The id that the provisioning client gave.
    #[must_use]
    pub fn external_id(&self) -> Option<&str> {
        self.text("externalId")
    }

    /// Whether the account is active; `None` when it does not say.
    #[must_use]
    pub fn active(&self) -> Option<bool> {
        member(&self.0, "active")?.as_bool()
    }

    /// The ETag that it carries in `meta.version`.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        member(member(&self.0, "meta")?.as_object()?, "version")?.as_str()
    }

    /// The value at a path, a part of a complex attribute included. Of a multi-valued attribute the part is not looked
    /// into.
    #[must_use]
    pub fn at(&self, definition: &Definition, path: &AttributePath) -> Option<&Value> {
        let value = definition.attribute_of(&self.0, path)?;
        match &path.sub {
            None => Some(value),
            Some(sub) => member(value.as_object()?, sub),
        }
    }
}

impl From<Resource> for Value {
    fn from(resource: Resource) -> Self {
        Self::Object(resource.0)
    }
}
