//! What a service provider can do (RFC 7643 section 5, RFC 9865 section 4). Reading is lenient: what another server
//! leaves out it does not support.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::limits::{BULK_BYTES_MAX, BULK_OPERATIONS_MAX, PAGE_DEFAULT, PAGE_MAX};
use crate::urn;

/// A feature that is there or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Supported {
    /// Whether it is.
    pub supported: bool,
}

/// Bulk requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BulkSupport {
    /// Whether they are supported.
    pub supported: bool,
    /// Operations in one.
    pub max_operations: u64,
    /// Bytes of one.
    pub max_payload_size: u64,
}

/// Filters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FilterSupport {
    /// Whether they are supported.
    pub supported: bool,
    /// Resources in one answer.
    pub max_results: u64,
}

/// Paging (RFC 9865).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PaginationSupport {
    /// By cursor.
    pub cursor: bool,
    /// By index.
    pub index: bool,
    /// `index` or `cursor`, when the caller does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_pagination_method: Option<String>,
    /// Resources on a page when the caller does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_page_size: Option<u64>,
    /// Resources on a page at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_page_size: Option<u64>,
}

/// A way to authenticate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AuthenticationScheme {
    /// `oauthbearertoken`, `httpbasic` and the like.
    #[serde(rename = "type")]
    pub kind: String,
    /// A name for people.
    pub name: String,
    /// What it is.
    pub description: String,
    /// Whether it is the preferred one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary: Option<bool>,
}

/// The configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ServiceProviderConfig {
    /// PATCH.
    pub patch: Supported,
    /// Bulk requests.
    pub bulk: BulkSupport,
    /// Filters.
    pub filter: FilterSupport,
    /// Setting passwords.
    pub change_password: Supported,
    /// Sorting.
    pub sort: Supported,
    /// ETags.
    pub etag: Supported,
    /// Paging, where the server says anything about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pagination: Option<PaginationSupport>,
    /// Ways to authenticate.
    pub authentication_schemes: Vec<AuthenticationScheme>,
}

impl ServiceProviderConfig {
    /// Our own server's.
    #[must_use]
    pub fn ours() -> Self {
        let yes = Supported { supported: true };
        Self {
            patch: yes,
            bulk: BulkSupport {
                supported: true,
                max_operations: BULK_OPERATIONS_MAX as u64,
                max_payload_size: BULK_BYTES_MAX as u64,
            },
            filter: FilterSupport { supported: true, max_results: PAGE_MAX as u64 },
            change_password: Supported::default(),
            sort: yes,
            etag: yes,
            pagination: Some(PaginationSupport {
                cursor: true,
                index: true,
                default_pagination_method: Some("index".into()),
                default_page_size: Some(PAGE_DEFAULT as u64),
                max_page_size: Some(PAGE_MAX as u64),
            }),
            authentication_schemes: vec![AuthenticationScheme {
                kind: "oauthbearertoken".into(),
                name: "Bearer token".into(),
                description: "The token of the directory, in the Authorization header (RFC 6750).".into(),
                primary: Some(true),
            }],
        }
    }

    /// Reads another server's; each member that is not understood counts as not supported.
    #[must_use]
    pub fn read(value: &Value) -> Self {
        fn part<T: Default + serde::de::DeserializeOwned>(value: &Value, name: &str) -> T {
            value
                .as_object()
                .and_then(|m| super::member(m, name))
                .cloned()
                .and_then(|v| serde_json::from_value(v).ok())
                .unwrap_or_default()
        }
        Self {
            patch: part(value, "patch"),
            bulk: part(value, "bulk"),
            filter: part(value, "filter"),
            change_password: part(value, "changePassword"),
            sort: part(value, "sort"),
            etag: part(value, "etag"),
            pagination: part(value, "pagination"),
            authentication_schemes: part(value, "authenticationSchemes"),
        }
    }

    /// As the endpoint tells it.
    #[must_use]
    pub fn json(&self, base: &str) -> Value {
        let mut value = serde_json::to_value(self).unwrap_or_default();
        if let Some(members) = value.as_object_mut() {
            members.insert("schemas".into(), json!([urn::SERVICE_PROVIDER_CONFIG]));
            let location = format!("{base}/ServiceProviderConfig");
            members.insert("meta".into(), json!({ "resourceType": "ServiceProviderConfig", "location": location }));
        }
        value
    }
}
