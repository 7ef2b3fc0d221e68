//! `GET /o/{slug}/federation/{idp}/saml/metadata`: what to register at the provider.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header;
use muster_directory::{Error, identity_provider, organization};
use muster_http::Site;
use muster_http::page::PageError;
use muster_saml::NameIdFormat;
use muster_saml::metadata::{AcsEndpoint, SpDescription, write_sp};

use super::{Place, key};

/// Our metadata for one provider.
pub async fn get(State(site): State<Site>, Path((slug, idp)): Path<(String, String)>) -> Result<Response, PageError> {
    let directory = site.directory();
    let organization = organization::store::by_slug(&mut directory.read(), &slug).await?;
    let organization = organization.ok_or(Error::Missing("organization"))?;
    let id = idp.parse().map_err(|_| Error::Missing("identity_provider"))?;
    let idp = identity_provider::store::get(&mut directory.read(), organization.id, id).await?;
    let saml = idp.doc.saml.ok_or(Error::Missing("identity_provider"))?;
    let place = Place::of(&site, &slug, idp.id);
    let pair = key::pair(directory, organization.id).await?;
    let formats: Vec<NameIdFormat> = NameIdFormat::from_uri(&saml.name_id_format).into_iter().collect();
    let document = write_sp(&SpDescription {
        entity_id: &place.entity_id,
        signing: &[&pair.certificate],
        encryption: &[&pair.certificate],
        acs: &[AcsEndpoint { location: place.acs_url, index: 0, is_default: true }],
        logout: &[],
        name_id_formats: &formats,
        signs_requests: saml.sign_requests,
    });
    let document = document.map_err(|e| Error::Internal(e.to_string()))?;
    Ok(([(header::CONTENT_TYPE, "application/samlmetadata+xml")], document).into_response())
}
