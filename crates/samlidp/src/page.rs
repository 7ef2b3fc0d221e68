//! What people are shown when there is nothing to send on, and the redirect itself.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use muster_directory::organization::Organization;
use muster_http::Context;
use muster_http::page::{Brand, message};

/// A page of the organization that tells something.
pub fn page(
    organization: &Organization,
    context: &Context,
    status: StatusCode,
    title: &str,
    paragraphs: &[String],
) -> Response {
    message(status, title, Some(&Brand::of(organization)), paragraphs, &context.request_id, None)
}

/// 303: whatever the browser sent here is not sent on.
pub fn see_other(address: &str) -> Response {
    match HeaderValue::from_str(address) {
        Ok(location) => {
            let headers = [(header::LOCATION, location), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
            (StatusCode::SEE_OTHER, headers).into_response()
        }
        // Our own paths and registered addresses are plain ASCII, so this is a fault of ours.
        Err(_) => {
            tracing::error!("an address that is no header value");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
