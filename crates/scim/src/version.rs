//! The two versions of the protocol. Everything inside is 2.0; a message of 1.1 is turned into that when it is read and
//! back when it is written. In 1.1 the schemas have other names, the manager is `managerId`, and a PATCH is a part of
//! the resource.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::patch::MemberChange;
use crate::resource::Resource;
use crate::schema::{Definition, member_name};
use crate::urn;

/// The version that a receiver speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Version {
    /// SCIM 1.1.
    #[serde(rename = "1.1")]
    V1,
    /// SCIM 2.0.
    #[default]
    #[serde(rename = "2.0")]
    V2,
}

impl Version {
    /// The content type of bodies.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::V1 => "application/json",
            Self::V2 => "application/scim+json",
        }
    }

    /// The path of the service provider's configuration.
    #[must_use]
    pub const fn config_path(self) -> &'static str {
        match self {
            Self::V1 => "/ServiceProviderConfigs",
            Self::V2 => "/ServiceProviderConfig",
        }
    }

    /// The body that creates or replaces a resource.
    #[must_use]
    pub fn request(self, resource: &Resource, definition: &Definition) -> Value {
        let body = definition.request(resource);
        match (self, body) {
            (Self::V1, Value::Object(members)) => Value::Object(to_1(members)),
            (_, body) => body,
        }
    }

    /// What another server answered, as 2.0 says it.
    #[must_use]
    pub fn answer(self, value: Value) -> Value {
        match (self, value) {
            (Self::V1, Value::Object(members)) => Value::Object(from_1(members)),
            (_, value) => value,
        }
    }
}

fn to_1(mut members: Map<String, Value>) -> Map<String, Value> {
    let mut schemas = vec![Value::from(urn::CORE_1)];
    if let Some(mut extension) = members.remove(urn::ENTERPRISE) {
        rename(extension.get_mut("manager"), "value", "managerId");
        members.insert(urn::ENTERPRISE_1.into(), extension);
        schemas.push(urn::ENTERPRISE_1.into());
    }
    let own = |n: &&String| n.starts_with("urn:") && n.as_str() != urn::ENTERPRISE_1;
    schemas.extend(members.keys().filter(own).map(|n| Value::from(n.as_str())).collect::<Vec<_>>());
    members.insert("schemas".into(), Value::Array(schemas));
    members
}

fn from_1(mut members: Map<String, Value>) -> Map<String, Value> {
    members.remove("schemas");
    if let Some(mut extension) = member_name(&members, urn::ENTERPRISE_1).and_then(|n| members.remove(&n)) {
        rename(extension.get_mut("manager"), "managerId", "value");
        members.insert(urn::ENTERPRISE.into(), extension);
    }
    members
}

fn rename(value: Option<&mut Value>, from: &str, to: &str) {
    if let Some(Value::Object(members)) = value
        && let Some(value) = members.remove(from)
    {
        members.insert(to.into(), value);
    }
}

/// A PATCH of 1.1 that adds and removes members; who is in already is added again without harm.
#[must_use]
pub fn members_1(change: &MemberChange) -> Value {
    let added = change.add.iter().map(|id| json!({ "value": id }));
    let removed = change.remove.iter().map(|id| json!({ "value": id, "operation": "delete" }));
    json!({ "schemas": [urn::CORE_1], "members": added.chain(removed).collect::<Vec<_>>() })
}
