//! A request as it is to be sent, below the base URL.

use serde_json::Value;

use crate::filter::Filter;
use crate::path::AttributePath;

/// The method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HttpMethod {
    /// Reads.
    Get,
    /// Creates.
    Post,
    /// Replaces.
    Put,
    /// Changes.
    Patch,
    /// Deletes.
    Delete,
}

impl HttpMethod {
    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A request.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The method.
    pub method: HttpMethod,
    /// Path and query, encoded, to be put behind the base URL without its trailing slash.
    pub target: String,
    /// The body.
    pub body: Option<Value>,
    /// The value of `If-Match`.
    pub if_match: Option<String>,
}

impl Request {
    /// A request without a body.
    #[must_use]
    pub fn new(method: HttpMethod, target: impl Into<String>) -> Self {
        Self { method, target: target.into(), body: None, if_match: None }
    }

    /// The same, with a body.
    #[must_use]
    pub fn with(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// The same, for this version alone.
    #[must_use]
    pub fn of_version(mut self, version: Option<&str>) -> Self {
        self.if_match = version.map(str::to_owned);
        self
    }
}

/// A text as one segment of a path or one value of a query: everything but unreserved characters is encoded, since ids
/// may be e-mails, paths or worse. `+` for a space is not understood everywhere.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'_' | b'~')
            || byte == b'.' && !text.trim_matches('.').is_empty()
        {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Looks for the resources of which an attribute equals the text.
pub(crate) fn lookup(endpoint: &str, attribute: &str, text: &str) -> Request {
    let filter = Filter::eq(AttributePath::new(attribute), text).to_string();
    Request::new(HttpMethod::Get, format!("{endpoint}?filter={}", encoded(&filter)))
}

/// The same without members: a group's hundred thousand are neither needed nor kept.
pub(crate) fn without_members(mut request: Request) -> Request {
    let joint = if request.target.contains('?') { '&' } else { '?' };
    request.target.push(joint);
    request.target.push_str("excludedAttributes=members");
    request
}

/// A page of everything, from this index (from 1).
pub(crate) fn page(endpoint: &str, start: u64, count: u32) -> Request {
    Request::new(HttpMethod::Get, format!("{endpoint}?startIndex={start}&count={count}"))
}
