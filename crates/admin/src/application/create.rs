//! Makes an application.

use axum::extract::State;
use muster_directory::application::create::Create;
use muster_directory::application::saml::Saml;
use muster_directory::application::{Doc, SAML, SCIM};
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::ApplicationOut;
use super::with_key::WithKey;
use super::write::ApplicationWrite;
use crate::failure::Changing;

#[utoipa::path(post, path = "/api/applications", tag = "applications", request_body = ApplicationWrite,
    responses((status = 200, body = ApplicationOut), Changing))]
/// Create an application
pub(crate) async fn create(
    State(site): State<Site>,
    who: AdminOrg,
    Json(body): Json<ApplicationWrite>,
) -> Result<Json<ApplicationOut>, ApiError> {
    body.check()?;
    let hidden = body.hidden();
    let kind = match body.name.as_str() {
        SAML => "Custom SAML App",
        SCIM => "Custom Application",
        _ => "OpenID Connect",
    };
    let read = body.saml(&Saml::default())?;
    let (saml, pair) = (read.saml, read.pair);
    let doc = Doc {
        display_label: body.display_label.unwrap_or_default().trim().to_owned(),
        display_name: body.display_name.unwrap_or_else(|| kind.into()),
        description: body.description.unwrap_or_default(),
        hidden,
        oidc: None,
        saml,
    };
    let verb = Create { name: body.name, doc, active: body.active.unwrap_or(false) };
    let app = site.directory().write(who.actor(), who.org(), WithKey { verb, pair }).await?;
    Ok(Json(ApplicationOut::new(&app, &site.issuer(&who.organization.slug))))
}
