//! An administrator's test of a SAML application, answered to a service provider in this process.

use axum::extract::State;
use muster_directory::application::saml_metadata::Addresses;
use muster_directory::application::store;
use muster_directory::saml_test::{self, Test};
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Deserialize;
use utoipa::ToSchema;

use super::saml_messages::ExchangeOut;
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

/// What is tested.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SamlTest)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TestIn {
    /// For whom.
    user_id: ObjectId,
    /// The exchange whose request is replayed; without one the sign-in begins here.
    #[serde(default)]
    message_id: Option<ObjectId>,
}

#[utoipa::path(post, path = "/api/v2/applications/{id}/saml/test", tag = "applications",
    params(("id" = ObjectId, Path)), request_body = TestIn, responses((status = 200, body = ExchangeOut), Changing))]
/// Test a SAML application for a person
///
/// The request is judged as it would be now, and answered to a service provider inside Muster: nothing is sent, and the
/// answer is worth nothing elsewhere. Every test is in the change log.
pub(crate) async fn run(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(body): Json<TestIn>,
) -> Result<Json<ExchangeOut>, ApiError> {
    let app = store::get(&mut site.directory().read(), who.org(), id).await?;
    let addresses = Addresses::new(&site.issuer(&who.organization.slug), app.id);
    let by = who.admin.as_ref().map_or_else(|| "a service account".to_owned(), |who| who.admin.email.clone());
    let (user, message) = (body.user_id.0, body.message_id.map(|id| id.0));
    let test = Test { actor: who.actor(), by, app, addresses, user, message };
    let exchange = saml_test::run(site.directory(), test).await?;
    Ok(Json(ExchangeOut::of(&site, exchange).await?))
}
