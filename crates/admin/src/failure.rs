//! What every operation may answer besides success, for the OpenAPI document, and how a request says who asks.

use muster_http::error::ErrorBody;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::{IntoResponses, Modify};

/// The refusals of an operation that reads.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) enum Reading {
    /// Something of the request is wrong; `fields` names it.
    #[response(status = 400)]
    Invalid(#[to_schema] ErrorBody),
    /// Nobody we know asks, or the organization was not named.
    #[response(status = 401)]
    Unauthorized(#[to_schema] ErrorBody),
    /// Not allowed.
    #[response(status = 403)]
    Denied(#[to_schema] ErrorBody),
    /// No such object, or another organization's.
    #[response(status = 404)]
    Missing(#[to_schema] ErrorBody),
    /// Too often; `retry-after` says when to come again.
    #[response(status = 429)]
    TooOften(#[to_schema] ErrorBody),
    /// Busy; come again.
    #[response(status = 503)]
    Unavailable(#[to_schema] ErrorBody),
}

/// The refusals of an operation that changes something.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) enum Changing {
    /// Something of the request is wrong; `fields` names it.
    #[response(status = 400)]
    Invalid(#[to_schema] ErrorBody),
    /// Nobody we know asks, or the organization was not named.
    #[response(status = 401)]
    Unauthorized(#[to_schema] ErrorBody),
    /// Not allowed.
    #[response(status = 403)]
    Denied(#[to_schema] ErrorBody),
    /// No such object, or another organization's.
    #[response(status = 404)]
    Missing(#[to_schema] ErrorBody),
    /// It exists already, or something stands in the way.
    #[response(status = 409)]
    Conflict(#[to_schema] ErrorBody),
    /// The body is too large.
    #[response(status = 413)]
    TooLarge(#[to_schema] ErrorBody),
    /// The body is not of the type that is read.
    #[response(status = 415)]
    MediaType(#[to_schema] ErrorBody),
    /// Too often; `retry-after` says when to come again.
    #[response(status = 429)]
    TooOften(#[to_schema] ErrorBody),
    /// Busy; come again.
    #[response(status = 503)]
    Unavailable(#[to_schema] ErrorBody),
}

/// How a request says who asks.
pub(crate) struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_default();
        let key = ApiKeyValue::with_description("x-api-key", "An administrator's API key, `jca_...`");
        components.add_security_scheme("api_key", SecurityScheme::ApiKey(ApiKey::Header(key)));
        let session = ApiKeyValue::with_description("__Host-muster_browser", "The session of a browser that signed in");
        components.add_security_scheme("browser", SecurityScheme::ApiKey(ApiKey::Cookie(session)));
    }
}
