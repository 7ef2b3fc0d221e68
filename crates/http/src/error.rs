//! The error shape of the API: JumpCloud's `message` and `error`, beside the fields that are wrong.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use muster_directory::Error;
use serde::Serialize;
use utoipa::ToSchema;

/// One field that is wrong.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ErrorField {
    /// The field's name, with a path for nested ones.
    pub field: String,
    /// What is wrong and the fix.
    pub message: String,
}

/// An error of the API.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// For a person.
    pub message: String,
    /// A stable word for a program.
    pub error: String,
    /// The HTTP status.
    pub status: u16,
    /// The fields that are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<ErrorField>,
}

/// An error on its way out.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: String,
    fields: Vec<ErrorField>,
    retry_after_s: Option<u32>,
}

impl ApiError {
    /// An error by its parts.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), fields: Vec::new(), retry_after_s: None }
    }

    /// Nobody, or nobody we know, asks.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", "Unauthorized")
    }

    /// No such object, or another organization's.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", "Not Found")
    }

    /// A wrong field.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Error::field(field, message).into()
    }

    /// Too often; try again after so many seconds.
    #[must_use]
    pub fn too_often(retry_after_s: u32) -> Self {
        let mut error =
            Self::new(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", "too many requests: try again in a moment");
        error.retry_after_s = Some(retry_after_s);
        error
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The message for a person.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let (status, code) = match &error {
            Error::Missing(_) => (StatusCode::NOT_FOUND, "NOT_FOUND"),
            Error::Conflict(_) => (StatusCode::CONFLICT, "ALREADY_EXISTS"),
            Error::Invalid(_) => (StatusCode::BAD_REQUEST, "INVALID_ARGUMENT"),
            Error::Denied(_) => (StatusCode::FORBIDDEN, "PERMISSION_DENIED"),
            Error::Stale => (StatusCode::PRECONDITION_FAILED, "FAILED_PRECONDITION"),
            Error::Limit(_) => (StatusCode::TOO_MANY_REQUESTS, "RESOURCE_EXHAUSTED"),
            Error::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"),
            Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL"),
        };
        if let Some(reason) = error.private() {
            tracing::error!(reason, "{}", code);
        }
        let fields = match &error {
            Error::Invalid(fields) => {
                fields.iter().map(|f| ErrorField { field: f.field.clone(), message: f.message.clone() }).collect()
            }
            _ => Vec::new(),
        };
        let retry_after_s = (status == StatusCode::SERVICE_UNAVAILABLE).then_some(1);
        Self { status, code, message: error.to_string(), fields, retry_after_s }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = ErrorBody {
            message: self.message,
            error: self.code.to_owned(),
            status: self.status.as_u16(),
            fields: self.fields,
        };
        let mut response = (self.status, axum::Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}
