//! Errors of the endpoints that programs call: JSON by RFC 6749 section 5.2 and RFC 6750 section 3. Pages have
//! `muster_http::page::PageError`.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use muster_directory::Error as DirectoryError;
use muster_oauth::{Error, ErrorCode};

/// The realm of our challenges.
pub const REALM: &str = "Muster";

/// A refusal on its way out.
#[derive(Debug)]
pub enum Refusal {
    /// What the protocol says.
    Protocol(Error),
    /// There is no such organization.
    NoOrganization,
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Protocol(error)
    }
}

impl From<DirectoryError> for Refusal {
    fn from(error: DirectoryError) -> Self {
        if let Some(reason) = error.private() {
            tracing::error!(reason, "OpenID provider");
        }
        let code = match error {
            DirectoryError::Unavailable(_) => ErrorCode::TemporarilyUnavailable,
            _ => ErrorCode::ServerError,
        };
        Self::Protocol(Error::new(code, error.to_string()))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let error = match self {
            Self::Protocol(error) => error,
            Self::NoOrganization => {
                let body = Error::invalid_request("no such organization").json();
                return (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response();
            }
        };
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
        let mut response = (status, [(header::CACHE_CONTROL, "no-store")], Json(error.json())).into_response();
        let headers = response.headers_mut();
        if let Some(challenge) = error.www_authenticate(REALM).and_then(|text| HeaderValue::from_str(&text).ok()) {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if error.code == ErrorCode::TemporarilyUnavailable {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
