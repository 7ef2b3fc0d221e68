//! What is answered: a resource, a list, nothing, or an error in the protocol's shape.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use muster_directory::Error as DirectoryError;
use muster_scim::{Error, ScimType};
use serde_json::Value;

/// The media type of everything.
const SCIM_JSON: HeaderValue = HeaderValue::from_static("application/scim+json");

/// The names that the directory has for what SCIM calls otherwise.
const NAMES: &[(&str, &str)] = &[
    ("username", "userName"),
    ("email", "emails"),
    ("firstname", "name.givenName"),
    ("middlename", "name.middleName"),
    ("lastname", "name.familyName"),
    ("displayname", "displayName"),
    ("jobTitle", "title"),
    ("employeeType", "userType"),
    ("employeeIdentifier", "employeeNumber"),
    ("company", "organization"),
];

/// A success.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// The status.
    pub status: u16,
    /// The body; none with 204 and 304.
    pub body: Option<Value>,
    /// Where the resource is.
    pub location: Option<String>,
    /// The resource's ETag.
    pub etag: Option<String>,
    /// The resource's id.
    pub id: Option<String>,
}

impl Answer {
    /// 200 with a body that has no version.
    pub(crate) fn of(body: Value) -> Self {
        Self { status: 200, body: Some(body), location: None, etag: None, id: None }
    }

    /// 204.
    pub(crate) const fn nothing() -> Self {
        Self { status: 204, body: None, location: None, etag: None, id: None }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = match self.body {
            Some(body) => json(status, &body),
            None => status.into_response(),
        };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let mut put = |name, value: Option<String>| {
            if let Some(value) = value.and_then(|v| HeaderValue::from_str(&v).ok()) {
                headers.insert(name, value);
            }
        };
        put(header::LOCATION, self.location.clone().filter(|_| self.status == 201));
        put(header::CONTENT_LOCATION, self.location.filter(|_| self.status != 201));
        put(header::ETAG, self.etag);
        response
    }
}

/// An error as it is answered.
pub(crate) fn refusal(error: &Error) -> Response {
    let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = json(status, &error.json());
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match error.status {
        401 => drop(headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"scim\""))),
        503 => drop(headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"))),
        _ => {}
    }
    response
}

fn json(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, SCIM_JSON)], serde_json::to_vec(body).unwrap_or_default()).into_response()
}

/// What the directory refused, in the protocol's words.
pub(crate) fn from_directory(error: DirectoryError) -> Error {
    if let Some(reason) = error.private() {
        tracing::error!(reason, "SCIM");
    }
    match error {
        DirectoryError::Missing(_) => missing(),
        DirectoryError::Conflict(message) => Error::new(ScimType::Uniqueness, named(&message)),
        DirectoryError::Invalid(fields) => {
            let words: Vec<String> = fields.iter().map(|f| format!("{}: {}", name(&f.field), f.message)).collect();
            Error::invalid_value(words.join("; "))
        }
        DirectoryError::Stale => Error::status(412, "the resource has changed since: read it again, then repeat this"),
        other => {
            let status = match other {
                DirectoryError::Denied(_) => 403,
                DirectoryError::Limit(_) => 429,
                DirectoryError::Unavailable(_) => 503,
                _ => 500,
            };
            Error::status(status, other.to_string())
        }
    }
}

/// Unknown, and another's, are the same answer.
pub(crate) fn missing() -> Error {
    Error::status(404, "there is no such resource here")
}

fn name(field: &str) -> &str {
    NAMES.iter().find(|(ours, _)| *ours == field).map_or(field, |(_, theirs)| theirs)
}

/// `username: ...` as `userName: ...`.
fn named(message: &str) -> String {
    match message.split_once(':') {
        Some((field, rest)) => format!("{}:{rest}", name(field)),
        None => message.to_owned(),
    }
}
