//! Schemas: what attributes there are and how they behave (RFC 7643 sections 2, 6 and 7), the core ones, an
//! organization's own, and those that another server tells of.

mod attribute;
mod definition;
mod group;
mod service_provider;
mod user;

pub use attribute::{Attribute, Kind, Mutability, Returned, Uniqueness};
pub use definition::{Definition, Extension, Located, ResourceType, Schema, SchemaExtension};
pub use service_provider::{
    AuthenticationScheme, BulkSupport, FilterSupport, PaginationSupport, ServiceProviderConfig, Supported,
};
pub use user::custom_schema;

use serde_json::{Map, Value};

/// The member of this name, letters' case aside.
#[must_use]
pub fn member<'m>(members: &'m Map<String, Value>, name: &str) -> Option<&'m Value> {
    members.get(name).or_else(|| members.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v))
}

/// The name under which this member is there, letters' case aside.
#[must_use]
pub fn member_name(members: &Map<String, Value>, name: &str) -> Option<String> {
    if members.contains_key(name) {
        return Some(name.to_owned());
    }
    members.keys().find(|n| n.eq_ignore_ascii_case(name)).cloned()
}
