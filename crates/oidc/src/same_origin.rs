//! Whether a page of ours sent a form (CSRF).

use http::{HeaderMap, header};
use muster_http::Site;

/// Whether a page of ours sent the form: a site beside ours gets our cookie sent too (`SameSite` knows no origins). A
/// browser that says neither is not believed.
pub fn is_same_origin(site: &Site, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    match (text("sec-fetch-site"), text(header::ORIGIN.as_str())) {
        (Some(fetch_site), _) => fetch_site == "same-origin",
        (None, Some(origin)) => origin == site.config().public_url.origin().ascii_serialization(),
        (None, None) => false,
    }
}
