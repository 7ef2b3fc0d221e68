//! Shows one application.

use axum::extract::State;
use muster_directory::application::store;
use muster_directory::saml_key;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::ApplicationOut;
use super::saml_config;
use crate::failure::Reading;
use crate::id::{ObjectId, PathId};

#[utoipa::path(get, path = "/api/applications/{id}", tag = "applications", params(("id" = ObjectId, Path)),
    responses((status = 200, body = ApplicationOut), Reading))]
/// Get an application
pub(crate) async fn get(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<ApplicationOut>, ApiError> {
    let app = store::get(&mut site.directory().read(), who.org(), id).await?;
    let mut out = ApplicationOut::new(&app, &site.issuer(&who.organization.slug));
    if let Some(saml) = app.saml() {
        let kind = saml.signature_algorithm.kind();
        let signing = saml_key::signing(site.directory(), who.org(), id, kind).await?;
        out.config = saml_config::show(&saml, Some(signing.certificate.to_pem()));
    }
    Ok(Json(out))
}
