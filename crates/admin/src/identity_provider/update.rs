//! Changes a provider. The client secret stays unless a new one is given; the redirect URI stays unless the address
//! changes.

use axum::extract::State;
use muster_directory::identity_provider::store;
use muster_directory::identity_provider::update::Update;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::IdentityProviderOut;
use super::routed;
use super::write::{IdentityProviderWrite, iss_parameter};
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

#[utoipa::path(put, path = "/api/v2/identity-providers/{id}", tag = "identity providers", params(("id" = ObjectId, Path)),
    request_body = IdentityProviderWrite, responses((status = 200, body = IdentityProviderOut), Changing))]
/// Replace an identity provider
pub(crate) async fn update(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(body): Json<IdentityProviderWrite>,
) -> Result<Json<IdentityProviderOut>, ApiError> {
    let directory = site.directory();
    let before = store::get(&mut directory.read(), who.org(), id).await?;
    let mut doc = body.doc(Some(&before.doc), before.doc.iss_parameter)?;
    let moved = doc.url != before.doc.url || doc.saml != before.doc.saml;
    if moved {
        doc.iss_parameter = iss_parameter(&site, &body.name, &doc).await;
    }
    let verb = Update {
        id,
        client_secret: body.secret(),
        name: body.name,
        doc,
        enabled: body.enabled.unwrap_or(before.enabled),
        http_allowed: site.config().http_allowed(),
    };
    let idp = directory.write(who.actor(), who.org(), verb).await?;
    if moved {
        site.probe().check(idp.org, idp.id).await;
    }
    let routed = routed::counts(directory, who.org()).await?.get(&id).copied().unwrap_or(0);
    Ok(Json(IdentityProviderOut::new(&site, &who.organization, &idp, routed)))
}
