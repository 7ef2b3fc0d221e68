//! The SAML settings of an application: read, replaced, and filled in from the service provider's metadata.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use muster_base::Id;
use muster_directory::application::saml::Saml;
use muster_directory::application::saml_metadata::{self, Addresses};
use muster_directory::application::update::SetSaml;
use muster_directory::application::{Application, store};
use muster_directory::saml_source::{Offer, Take};
use muster_http::{Admin, AdminOrg, ApiError, Json, Site, saml_source};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::saml_certificates::{CertificateOut, certificates};
use super::saml_source::SourceOut;
use crate::failure::{Changing, Reading};
use crate::id::{ObjectId, PathId, PathIds};
use crate::organization::reached;

/// The SAML settings, and what the service provider is given.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ApplicationSaml)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SamlOut {
    /// The settings.
    settings: Saml,
    /// IdP Entity ID, as it is sent.
    entity_id: String,
    /// IDP URL: where requests are taken, by redirect and by form. The sign-in that we begin starts there, too.
    sso_url: String,
    /// Where sign-outs are taken.
    logout_url: String,
    /// *Export Metadata*.
    metadata_url: String,
    /// The certificates that the metadata names, the one that signs first.
    certificates: Vec<CertificateOut>,
    /// Where the service provider's metadata is read again.
    metadata_source: Option<SourceOut>,
}

impl SamlOut {
    /// Shows an application's.
    ///
    /// # Errors
    /// 404 for an application without SAML.
    pub(super) async fn of(site: &Site, who: &AdminOrg, app: &Application) -> Result<Json<Self>, ApiError> {
        let missing = || ApiError::new(StatusCode::NOT_FOUND, "NOT_FOUND", "Not Found: saml config not found");
        let saml = app.saml().ok_or_else(missing)?;
        let addresses = Addresses::new(&site.issuer(&who.organization.slug), app.id);
        Ok(Json(Self {
            certificates: certificates(site, app, &saml).await?,
            metadata_source: SourceOut::of(site, app).await?,
            entity_id: addresses.entity_id(&saml),
            settings: saml,
            sso_url: addresses.sso(),
            logout_url: addresses.logout(),
            metadata_url: addresses.metadata(),
        }))
    }
}

/// Where the service provider's metadata is: the document, or its address.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SamlMetadataImport)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MetadataIn {
    /// The document's text.
    #[serde(default)]
    #[schema(max_length = 2_097_152)]
    metadata: Option<String>,
    /// Where it is fetched from instead, now and every day: a change waits for an administrator then.
    #[serde(default)]
    url: Option<String>,
    /// Which entity, where the document describes several.
    #[serde(default)]
    entity_id: Option<String>,
}

#[utoipa::path(get, path = "/api/v2/applications/{id}/saml", tag = "applications", params(("id" = ObjectId, Path)),
    responses((status = 200, body = SamlOut), Reading))]
/// Get the SAML settings of an application
pub(crate) async fn get(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<SamlOut>, ApiError> {
    let app = store::get(&mut site.directory().read(), who.org(), id).await?;
    SamlOut::of(&site, &who, &app).await
}

#[utoipa::path(put, path = "/api/v2/applications/{id}/saml", tag = "applications", params(("id" = ObjectId, Path)),
    request_body = Saml, responses((status = 200, body = SamlOut), Changing))]
/// Set or replace the SAML settings of an application
pub(crate) async fn update(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(saml): Json<Saml>,
) -> Result<Json<SamlOut>, ApiError> {
    save(&site, &who, id, saml).await
}

#[utoipa::path(post, path = "/api/v2/applications/{id}/saml/metadata", tag = "applications",
    params(("id" = ObjectId, Path)), request_body = MetadataIn, responses((status = 200, body = SamlOut), Changing))]
/// Fill in the SAML settings of an application from its metadata
pub(crate) async fn import(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(body): Json<MetadataIn>,
) -> Result<Json<SamlOut>, ApiError> {
    store::get(&mut site.directory().read(), who.org(), id).await?;
    let (field, document, url) = match (body.metadata, body.url) {
        (Some(text), None) => ("metadata", text.into_bytes(), None),
        (None, Some(url)) => {
            let document = saml_source::fetch(&site, &url).await.map_err(|why| ApiError::field("url", why))?;
            ("url", document, Some(url))
        }
        _ => return Err(ApiError::field("metadata", "give the document, or the url where it is")),
    };
    let offer = Offer::read(&document, body.entity_id.as_deref()).map_err(|why| ApiError::field(field, why))?;
    let take = Take { app: id, offer, from: url.map(|url| (url, body.entity_id)) };
    let app = site.directory().write(who.actor(), who.org(), take).await?;
    SamlOut::of(&site, &who, &app).await
}

#[utoipa::path(get, path = "/api/organizations/{id}/applications/{application}/metadata.xml", tag = "applications",
    params(("id" = ObjectId, Path), ("application" = ObjectId, Path)),
    responses((status = 200, body = String, content_type = "application/samlmetadata+xml"), Reading))]
/// Export the metadata of an application
pub(crate) async fn export(
    State(site): State<Site>,
    who: Admin,
    PathIds(org, id): PathIds,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let organization = reached(&site, &who, &headers, org).await?;
    let app = store::get(&mut site.directory().read(), organization.id, id).await?;
    let addresses = Addresses::new(&site.issuer(&organization.slug), app.id);
    let document = saml_metadata::document(site.directory(), &app, &addresses).await?;
    Ok(([(header::CONTENT_TYPE, "application/samlmetadata+xml")], document).into_response())
}

async fn save(site: &Site, who: &AdminOrg, id: Id, saml: Saml) -> Result<Json<SamlOut>, ApiError> {
    let app = site.directory().write(who.actor(), who.org(), SetSaml { id, saml }).await?;
    SamlOut::of(site, who, &app).await
}
