//! Reading JSON bodies and query strings so that an error names the field and the fix.

use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequest, Request};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::request::Parts;
use http::{StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::ApiError;

/// A JSON body.
#[derive(Clone, Debug)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        // A form cannot send this type across sites without asking first (CORS), so a JSON route is safe from them.
        if !kind.to_ascii_lowercase().starts_with("application/json") {
            return Err(ApiError::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "INVALID_ARGUMENT",
                "the body must be JSON: send the header content-type: application/json",
            ));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|e| too_large(&e))?;
        Ok(Self(read(&bytes)?))
    }
}

/// A body that may be left out: no content type, or nothing in it.
impl<S: Send + Sync, T: DeserializeOwned> OptionalFromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, ApiError> {
        let empty = request.headers().get(header::CONTENT_LENGTH).is_some_and(|v| v == "0");
        if empty || request.headers().get(header::CONTENT_TYPE).is_none() {
            return Ok(None);
        }
        <Self as FromRequest<S>>::from_request(request, state).await.map(Some)
    }
}

fn too_large(rejection: &BytesRejection) -> ApiError {
    ApiError::new(rejection.status(), "INVALID_ARGUMENT", "the body could not be read, or is larger than 1 MiB")
}

/// Reads a JSON object; an error names the place.
///
/// # Errors
/// 400 naming the field.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    // A derived reader would also take an array for an object, by the order of the fields.
    if bytes.iter().find(|b| !b.is_ascii_whitespace()).is_some_and(|b| *b == b'[') {
        return Err(ApiError::field("body", "a JSON object is needed"));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|e| {
        let path = e.path().to_string();
        wrong(if matches!(path.as_str(), "." | "?") { "" } else { &path }, &e.into_inner().to_string())
    })?;
    reader.end().map_err(|e| ApiError::field("body", e.to_string()))?;
    Ok(value)
}

/// What serde says of a place, as a wrong field. Of a missing member it names the place that lacks it.
fn wrong(path: &str, message: &str) -> ApiError {
    let named = |prefix: &str| message.strip_prefix(prefix).and_then(|rest| rest.split('`').next());
    if let (Some(name), "") = (named("duplicate field `"), path) {
        return ApiError::field(name, "is there twice: keep one");
    }
    match (named("missing field `"), path) {
        (Some(name), "") => ApiError::field(name, "is required"),
        (Some(name), path) => ApiError::field(format!("{path}.{name}"), "is required"),
        (None, "") => ApiError::field("body", message),
        (None, path) => ApiError::field(path, message),
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        ([(header::CACHE_CONTROL, "no-store")], axum::Json(self.0)).into_response()
    }
}

/// A query string.
#[derive(Clone, Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let text = parts.uri.query().unwrap_or_default();
        let reader = serde_urlencoded::Deserializer::new(url::form_urlencoded::parse(text.as_bytes()));
        let value = serde_path_to_error::deserialize(reader).map_err(|e| {
            let path = e.path().to_string();
            let field = if matches!(path.as_str(), "." | "?") { "query".to_owned() } else { path };
            ApiError::field(field, e.into_inner().to_string())
        })?;
        Ok(Self(value))
    }
}
