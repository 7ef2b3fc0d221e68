//! An answer, read to its end.

use std::collections::BTreeMap;

use axum::body::to_bytes;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub async fn read(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 20).await.unwrap();
        Self { status: parts.status, headers: parts.headers, body: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|v| v.to_str().unwrap()).unwrap_or_default()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        self.header("location")
    }

    /// The parameters with which a redirect leads to `address`.
    pub fn redirected_to(&self, address: &str) -> BTreeMap<String, String> {
        let rest = self.location().strip_prefix(address);
        query_of(rest.unwrap_or_else(|| panic!("not to {address}: {}", self.location())))
    }

    /// Whether it is a page that leads nowhere by itself.
    pub fn page(&self, status: u16) -> &str {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        assert!(self.headers.get("location").is_none());
        assert!(self.header("content-type").starts_with("text/html"));
        assert_eq!(self.header("cache-control"), "no-store");
        &self.body
    }

    /// The protocol's error: status, then code.
    pub fn error(&self) -> (u16, String) {
        assert_eq!(self.header("cache-control"), "no-store");
        (self.status.as_u16(), self.json()["error"].as_str().unwrap_or_default().to_owned())
    }

    pub fn ok(self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body);
        self.json()
    }
}

/// The parameters behind the `#` of an address.
pub fn fragment_of(address: &str) -> BTreeMap<String, String> {
    let fragment = address.split_once('#').map_or("", |(_, fragment)| fragment);
    url::form_urlencoded::parse(fragment.as_bytes()).into_owned().collect()
}

/// The parameters behind the `?` of an address.
pub fn query_of(address: &str) -> BTreeMap<String, String> {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}
