//! What people are shown when there is nothing to redirect, and the redirect itself.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use muster_directory::organization::Organization;
use muster_http::Context;
use muster_http::page::{Brand, message};
use muster_oauth::Error;

use muster_http::stop::Stop;

/// A page of the organization that tells something and ends the steps.
pub fn page(
    organization: &Organization,
    context: &Context,
    status: StatusCode,
    title: &str,
    paragraphs: &[String],
) -> Stop {
    // Nobody has to ask an administrator about what went well.
    let reference = if status.is_success() { "" } else { &context.request_id };
    Stop::with(message(status, title, Some(&Brand::of(organization)), paragraphs, reference, None))
}

/// What a request that cannot be read is answered with.
pub fn malformed(organization: &Organization, context: &Context, error: &Error) -> Stop {
    let paragraphs = [
        "The application sent a request that cannot be read.".to_owned(),
        format!("For its developer: {}.", error.description),
    ];
    page(organization, context, StatusCode::BAD_REQUEST, "This request is not valid", &paragraphs)
}

/// 303: whatever the browser sent here, a password too, is not sent on (RFC 9700 section 4.12).
pub fn see_other(address: &str) -> Response {
    match HeaderValue::from_str(address) {
        Ok(location) => {
            let headers = [(header::LOCATION, location), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
            (StatusCode::SEE_OTHER, headers).into_response()
        }
        // Registered addresses are plain ASCII, so this is a fault of ours.
        Err(_) => {
            tracing::error!("an address that is no header value");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
