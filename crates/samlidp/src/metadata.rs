//! *Export Metadata*: what a service provider is given about us, for one application.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use muster_directory::application::saml_metadata;
use muster_directory::saml_key::usage;

use crate::visit::Visit;
use muster_http::stop::Stop;

/// `GET /o/{slug}/saml/{app}/metadata`. Also while the application is not active: it is set up on both sides first.
pub async fn get(visit: Visit) -> Result<Response, Stop> {
    let xml = saml_metadata::document(visit.site.directory(), &visit.app, &visit.addresses()).await?;
    if is_program(&visit) {
        usage::metadata_read(visit.site.directory(), visit.organization.id, visit.app.id).await?;
    }
    let name = format!("attachment; filename=\"muster-{}-metadata.xml\"", visit.app.id);
    let mut response = xml.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/samlmetadata+xml"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// Whether a service provider's program reads, and not somebody's browser: those all call themselves Mozilla.
fn is_program(visit: &Visit) -> bool {
    visit.browser.0.is_none() && !visit.context.user_agent.starts_with("Mozilla/")
}
