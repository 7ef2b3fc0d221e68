//! Errors of the endpoints that programs call: JSON by RFC 6749 section 5.2 and RFC 6750 section 3. Pages have
//! `muster_http::page::PageError`.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use muster_directory::Error as DirectoryError;
use muster_oauth::{Error, ErrorCode, dpop};

use crate::token::NONCE;

/// The realm of our challenges.
pub const REALM: &str = "Muster";

/// A refusal on its way out.
#[derive(Debug)]
pub enum Refusal {
    /// What the protocol says.
    Protocol(Error),
    /// A proof of possession is needed or wrong, with a nonce for the next one (RFC 9449 section 8).
    Possession {
        /// What the protocol says.
        error: Error,
        /// The nonce.
        nonce: String,
    },
    /// The same, or a token that is bound, at a resource: the challenge names the scheme (RFC 9449 section 7.1).
    AtResource {
        /// What the protocol says.
        error: Error,
        /// The nonce, where one is needed.
        nonce: Option<String>,
    },
    /// Not allowed here, whoever asks.
    Forbidden(Error),
    /// Too often; come again after so many seconds.
    TooOften(u32),
    /// There is no such organization.
    NoOrganization,
}

impl Refusal {
    /// The same, said by a resource to who sent a bound token.
    #[must_use]
    pub fn at_resource(self) -> Self {
        match self {
            Self::Protocol(error) => Self::AtResource { error, nonce: None },
            Self::Possession { error, nonce } => Self::AtResource { error, nonce: Some(nonce) },
            other => other,
        }
    }
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
        let (error, nonce, at_resource) = match self {
            Self::Protocol(error) => (error, None, false),
            Self::Possession { error, nonce } => (error, Some(nonce), false),
            Self::AtResource { error, nonce } => (error, nonce, true),
            Self::Forbidden(error) => {
                let headers = [(header::CACHE_CONTROL, "no-store")];
                return (StatusCode::FORBIDDEN, headers, Json(error.json())).into_response();
            }
            Self::TooOften(seconds) => {
                let error = Error::new(ErrorCode::SlowDown, "too many requests of this network: try again in a moment");
                let headers =
                    [(header::CACHE_CONTROL, "no-store".to_owned()), (header::RETRY_AFTER, seconds.to_string())];
                return (StatusCode::TOO_MANY_REQUESTS, headers, Json(error.json())).into_response();
            }
            Self::NoOrganization => {
                let body = Error::invalid_request("no such organization").json();
                return (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response();
            }
        };
        let proof = matches!(error.code, ErrorCode::InvalidDpopProof | ErrorCode::UseDpopNonce);
        let status = if at_resource && proof { 401 } else { error.status() };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        let challenge = match at_resource && status == StatusCode::UNAUTHORIZED {
            true => Some(dpop::challenge(REALM, Some(&error))),
            false => error.www_authenticate(REALM),
        };
        let mut response = (status, [(header::CACHE_CONTROL, "no-store")], Json(error.json())).into_response();
        let headers = response.headers_mut();
        if let Some(challenge) = challenge.and_then(|text| HeaderValue::from_str(&text).ok()) {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(nonce) = nonce.and_then(|text| HeaderValue::from_str(&text).ok()) {
            headers.insert(NONCE, nonce);
        }
        if error.code == ErrorCode::TemporarilyUnavailable {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
