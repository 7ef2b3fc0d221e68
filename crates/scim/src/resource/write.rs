//! Writing a resource strictly: `schemas` from what is there, `meta` from what the server knows, nothing that is never
//! told.

use serde_json::{Map, Value, json};

use super::Resource;
use crate::schema::{Definition, Returned};

/// What a service provider says of a resource of its own (RFC 7643 section 3.1).
#[derive(Clone, Copy, Debug)]
pub struct MetaOf<'a> {
    /// When it was made, RFC 3339.
    pub created: &'a str,
    /// When it was changed last, RFC 3339.
    pub last_modified: &'a str,
    /// Its address.
    pub location: &'a str,
    /// Its ETag.
    pub version: &'a str,
}

impl Definition {
    /// The URNs of the schemas that the resource uses.
    #[must_use]
    pub fn schemas_of(&self, resource: &Resource) -> Vec<&str> {
        let used = self.extensions.iter().map(|e| e.schema.id.as_str()).filter(|id| resource.0.contains_key(*id));
        std::iter::once(self.core.id.as_str()).chain(used).collect()
    }

    /// The body of a request that creates or replaces the resource: `schemas` first, without what the server sets.
    #[must_use]
    pub fn request(&self, resource: &Resource) -> Value {
        let mut out = Map::new();
        out.insert("schemas".into(), json!(self.schemas_of(resource)));
        let own = |name: &str| !matches!(name, "schemas" | "id" | "meta" | "groups");
        out.extend(resource.0.iter().filter(|(n, _)| own(n)).map(|(n, v)| (n.clone(), v.clone())));
        Value::Object(out)
    }

    /// The body that tells of the resource; what is never told is left out.
    #[must_use]
    pub fn answer(&self, resource: Resource, meta: &MetaOf<'_>) -> Value {
        let schemas = json!(self.schemas_of(&resource));
        let mut out = Map::new();
        out.insert("schemas".into(), schemas);
        for (name, value) in resource.0 {
            let told = self.top(&name).is_none_or(|a| a.returned != Returned::Never);
            if told && name != "schemas" && name != "meta" {
                out.insert(name, value);
            }
        }
        out.insert(
            "meta".into(),
            json!({
                "resourceType": self.name,
                "created": meta.created,
                "lastModified": meta.last_modified,
                "location": meta.location,
                "version": meta.version,
            }),
        );
        Value::Object(out)
    }
}
