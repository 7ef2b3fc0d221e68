//! Makes an identity provider. One that cannot be reached is made all the same; its check says so.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use muster_directory::identity_provider::create::Create;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::IdentityProviderOut;
use super::write::{IdentityProviderWrite, iss_parameter};
use crate::failure::Changing;

#[utoipa::path(post, path = "/api/v2/identity-providers", tag = "identity providers",
    request_body = IdentityProviderWrite, responses((status = 201, body = IdentityProviderOut), Changing))]
/// Create an identity provider
pub(crate) async fn create(
    State(site): State<Site>,
    who: AdminOrg,
    Json(body): Json<IdentityProviderWrite>,
) -> Result<Response, ApiError> {
    let wrong = |_| ApiError::field("id", "the id that discover answered: 24 hexadecimal characters");
    let id = body.id.as_deref().filter(|i| !i.is_empty()).map(str::parse).transpose().map_err(wrong)?;
    let mut doc = body.doc(None, false)?;
    doc.iss_parameter = iss_parameter(&site, &body.name, &doc).await;
    let verb = Create {
        id,
        client_secret: body.secret(),
        name: body.name,
        doc,
        enabled: body.enabled.unwrap_or(true),
        http_allowed: site.config().http_allowed(),
    };
    let idp = site.directory().write(who.actor(), who.org(), verb).await?;
    // So that the answer tells at once whether it can be used.
    site.probe().check(idp.org, idp.id).await;
    Ok((StatusCode::CREATED, Json(IdentityProviderOut::new(&site, &who.organization, &idp, 0))).into_response())
}
