//! The SAML settings of an application: read, replaced, and filled in from the service provider's metadata.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use muster_base::Id;
use muster_directory::application::saml::{Acs, Logout, Saml};
use muster_directory::application::saml_metadata::{self, Addresses};
use muster_directory::application::update::SetSaml;
use muster_directory::application::{Application, store};
use muster_http::{Admin, AdminOrg, ApiError, Json, Site};
use muster_saml::NameIdFormat;
use muster_saml::binding::Binding;
use muster_saml::metadata::{self, ServiceProvider};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::saml_certificates::{CertificateOut, certificates};
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
    /// Where it is fetched from, once, instead.
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
    let app = store::get(&mut site.directory().read(), who.org(), id).await?;
    let (field, document) = match (body.metadata, body.url) {
        (Some(text), None) => ("metadata", text.into_bytes()),
        (None, Some(url)) => ("url", fetched(&site, &url).await?),
        _ => return Err(ApiError::field("metadata", "give the document, or the url where it is")),
    };
    let wrong = |message: String| ApiError::field(field, message);
    let entity = metadata::read(&document, body.entity_id.as_deref());
    let entity = entity.map_err(|error| wrong(error.to_string()))?;
    let sp = entity.sp.ok_or_else(|| wrong("the document describes no service provider".into()))?;
    let saml = filled_in(app.doc.saml.unwrap_or_default(), entity.entity_id, &sp);
    save(&site, &who, id, saml).await
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

async fn fetched(site: &Site, url: &str) -> Result<Vec<u8>, ApiError> {
    let wrong = |message: String| ApiError::field("url", message);
    let answer = site.egress().get(url, None).await.map_err(|error| wrong(error.to_string()))?;
    if answer.status != 200 {
        return Err(wrong(format!("it answers with status {}, not with a document", answer.status)));
    }
    Ok(answer.body.to_vec())
}

async fn save(site: &Site, who: &AdminOrg, id: Id, saml: Saml) -> Result<Json<SamlOut>, ApiError> {
    let app = site.directory().write(who.actor(), who.org(), SetSaml { id, saml }).await?;
    SamlOut::of(site, who, &app).await
}

/// What the document says replaces what was entered; what it says nothing of stays.
fn filled_in(before: Saml, entity_id: String, sp: &ServiceProvider) -> Saml {
    let acs = sp.acs.iter().map(|acs| Acs { url: acs.location.clone(), index: acs.index, is_default: acs.is_default });
    let mut certificates: Vec<String> = Vec::new();
    for certificate in sp.certificates.signing.iter().chain(&sp.certificates.encryption) {
        let pem = certificate.to_pem();
        if !certificates.contains(&pem) {
            certificates.push(pem);
        }
    }
    let format = sp.name_id_formats.iter().find_map(|uri| NameIdFormat::from_uri(uri));
    let logout = sp.logout.first().map(|to| Logout {
        url: to.response_location.clone().unwrap_or_else(|| to.location.clone()),
        post: to.binding == Binding::Post,
    });
    Saml {
        sp_entity_id: entity_id,
        acs: acs.collect(),
        require_signed_requests: sp.signs_requests && !certificates.is_empty(),
        sp_certificates: certificates,
        name_id_format: format.map_or(before.name_id_format.clone(), |format| format.uri().into()),
        logout: logout.or_else(|| before.logout.clone()),
        ..before
    }
}
