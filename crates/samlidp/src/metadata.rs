//! *Export Metadata*: what a service provider is given about us, for one application.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use muster_directory::Error;
use muster_saml::binding::Binding;
use muster_saml::metadata::{Endpoint, IdpDescription, write_idp};

use crate::key;
use crate::stop::Stop;
use crate::visit::Visit;

/// `GET /o/{slug}/saml/{app}/metadata`. Also while the application is not active: it is set up on both sides first.
pub async fn get(visit: Visit) -> Result<Response, Stop> {
    let kind = visit.saml.signature_algorithm.kind();
    let directory = visit.site.directory();
    let pairs = key::published(directory, &visit.parsed, visit.organization.id, kind).await?;
    let certificates: Vec<_> = pairs.iter().map(|(pair, _)| &pair.certificate).collect();
    let both = |location: String| {
        [Binding::Redirect, Binding::Post].map(|binding| Endpoint {
            binding,
            location: location.clone(),
            response_location: None,
        })
    };
    let mut sso = both(visit.address("/sso")).to_vec();
    sso.retain(|endpoint| endpoint.binding == Binding::Post || visit.saml.declare_redirect_endpoint);
    let description = IdpDescription {
        entity_id: &visit.entity_id(),
        certificates: &certificates,
        sso: &sso,
        logout: &both(visit.address("/slo")),
        name_id_formats: &[visit.saml.format()],
        wants_requests_signed: visit.saml.require_signed_requests,
        valid_until_s: None,
    };
    let xml = write_idp(&description).map_err(|error| Error::Internal(format!("writing metadata: {error}")))?;
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
