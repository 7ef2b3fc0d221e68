//! The discovery documents (RFC 7644 section 4).

use serde_json::Value;

use crate::error::Error;
use crate::message::ListResponse;
use crate::schema::{Definition, Schema, ServiceProviderConfig};

/// What one endpoint tells of itself.
#[derive(Clone, Copy, Debug)]
pub struct Discovery<'a> {
    /// The base URL, without a slash at its end.
    pub base: &'a str,
    /// The kinds of resources.
    pub definitions: &'a [Definition],
    /// What is supported.
    pub config: &'a ServiceProviderConfig,
}

impl Discovery<'_> {
    /// `/ServiceProviderConfig`.
    #[must_use]
    pub fn service_provider_config(&self) -> Value {
        self.config.json(self.base)
    }

    /// `/ResourceTypes`.
    #[must_use]
    pub fn resource_types(&self) -> Value {
        listed(self.definitions.iter().map(|d| d.resource_type().json(self.base)).collect())
    }

    /// `/ResourceTypes/{id}`.
    ///
    /// # Errors
    /// 404.
    pub fn resource_type(&self, id: &str) -> Result<Value, Error> {
        let found = self.definitions.iter().find(|d| d.name == id);
        found.map(|d| d.resource_type().json(self.base)).ok_or_else(|| missing("resource type", id))
    }

    /// `/Schemas`.
    #[must_use]
    pub fn schemas(&self) -> Value {
        listed(self.all_schemas().map(|s| s.json(self.base)).collect())
    }

    /// `/Schemas/{urn}`.
    ///
    /// # Errors
    /// 404.
    pub fn schema(&self, id: &str) -> Result<Value, Error> {
        let found = self.all_schemas().find(|s| s.id.eq_ignore_ascii_case(id));
        found.map(|s| s.json(self.base)).ok_or_else(|| missing("schema", id))
    }

    fn all_schemas(&self) -> impl Iterator<Item = &Schema> {
        let cores = self.definitions.iter().map(|d| &d.core);
        cores.chain(self.definitions.iter().flat_map(|d| d.extensions.iter().map(|e| &e.schema)))
    }
}

/// Everything on one page: RFC 7644 section 4 knows no paging here, and answers a filter with 403.
fn listed(resources: Vec<Value>) -> Value {
    let count = resources.len() as u64;
    ListResponse {
        total: Some(count),
        start_index: Some(1),
        items_per_page: Some(count),
        resources,
        ..ListResponse::default()
    }
    .json()
}

fn missing(what: &str, id: &str) -> Error {
    Error::status(404, format!("there is no {what} {:?}", crate::error::shown(id)))
}
