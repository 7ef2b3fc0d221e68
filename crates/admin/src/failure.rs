//! What every operation may answer besides success, for the OpenAPI document.

use muster_http::error::ErrorBody;
use utoipa::IntoResponses;

/// The refusals of an operation that reads.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) enum Reading {
    /// Something of the request is wrong; `fields` names it.
    #[response(status = 400)]
    Invalid(ErrorBody),
    /// Nobody we know asks, or the organization was not named.
    #[response(status = 401)]
    Unauthorized(ErrorBody),
    /// Not allowed.
    #[response(status = 403)]
    Denied(ErrorBody),
    /// No such object, or another organization's.
    #[response(status = 404)]
    Missing(ErrorBody),
    /// Too often; `retry-after` says when to come again.
    #[response(status = 429)]
    TooOften(ErrorBody),
    /// Busy; come again.
    #[response(status = 503)]
    Unavailable(ErrorBody),
}

/// The refusals of an operation that changes something.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) enum Changing {
    /// Something of the request is wrong; `fields` names it.
    #[response(status = 400)]
    Invalid(ErrorBody),
    /// Nobody we know asks, or the organization was not named.
    #[response(status = 401)]
    Unauthorized(ErrorBody),
    /// Not allowed.
    #[response(status = 403)]
    Denied(ErrorBody),
    /// No such object, or another organization's.
    #[response(status = 404)]
    Missing(ErrorBody),
    /// It exists already, or something stands in the way.
    #[response(status = 409)]
    Conflict(ErrorBody),
    /// The body is too large.
    #[response(status = 413)]
    TooLarge(ErrorBody),
    /// The body is not of the type that is read.
    #[response(status = 415)]
    MediaType(ErrorBody),
    /// Too often; `retry-after` says when to come again.
    #[response(status = 429)]
    TooOften(ErrorBody),
    /// Busy; come again.
    #[response(status = 503)]
    Unavailable(ErrorBody),
}
