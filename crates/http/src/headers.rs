//! Security headers on every answer.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, header};

/// What the pages of ours may load: their own files only, no script but files, no framing, forms to anywhere our
/// redirects lead (a form's redirect chain ends at the application).
const CSP: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                   connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// What every page has: no foreign script, no frame around it (clickjacking), no address told to other sites. A page that
/// asks for a decision puts them itself, however it is served.
pub fn protect(headers: &mut HeaderMap) {
    let mut put = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    put(header::CONTENT_SECURITY_POLICY, CSP);
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::X_FRAME_OPTIONS, "DENY");
    // Addresses carry codes and states: other sites never see them.
    put(header::REFERRER_POLICY, "same-origin");
}

/// Adds what is missing.
pub async fn secure(request: Request, next: Next) -> Response {
    let behind_sign_in = ["/console", "/portal"].iter().any(|p| request.uri().path().starts_with(p));
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    protect(headers);
    let mut put = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    // Not on the sign-in pages: an application may open them in a window of its own and wait for its end.
    if behind_sign_in {
        put(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    }
    put(HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()");
    response
}
