//! Each request gets an id: in its log line, in the answer, and in what it changes.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue};
use muster_http::Site;
use muster_http::context::RequestId;
use tracing::Instrument;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the id and logs the request when it is answered.
pub async fn identify(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let id = site.directory().env().id().text();
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    // The route, not the address: addresses carry ids at best, and codes and tokens at worst.
    let route = request.extensions().get::<MatchedPath>().map_or("(none)".to_owned(), |m| m.as_str().to_owned());
    let span = tracing::info_span!("request", id, %method, route);
    let began = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| {
        if status >= 500 {
            tracing::warn!(status, took_ms, "answered");
        } else {
            tracing::debug!(status, took_ms, "answered");
        }
    });
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}
