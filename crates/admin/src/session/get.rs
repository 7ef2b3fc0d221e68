//! Who asks, and what they reach.

use axum::extract::State;
use muster_directory::administrator::{model::ROLE, store};
use muster_directory::organization;
use muster_http::{Admin, ApiError, Json, Site};
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::Reading;
use crate::id::ObjectId;
use crate::organization::OrganizationRef;

/// The administrator who asks.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionAdmin {
    id: ObjectId,
    email: String,
    firstname: String,
    lastname: String,
    role_name: &'static str,
    /// Whether they have an API key.
    api_key_set: bool,
    /// The service provider all of whose organizations they reach.
    provider: Option<ObjectId>,
}

/// The session.
#[derive(Serialize, ToSchema)]
#[schema(as = AdministratorSession)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionOut {
    admin: SessionAdmin,
    /// The organizations they reach, by name.
    organizations: Vec<OrganizationRef>,
    /// What all addresses begin with.
    public_url: String,
    version: &'static str,
    /// Whether the server runs for development.
    dev: bool,
    /// Whether mail is sent.
    mail_configured: bool,
}

#[utoipa::path(get, path = "/api/v2/session", tag = "session", responses((status = 200, body = SessionOut), Reading))]
/// Get the session
pub(crate) async fn get(State(site): State<Site>, who: Admin) -> Result<Json<SessionOut>, ApiError> {
    let mut source = site.directory().read();
    let ids = store::organizations(&mut source, who.admin.id).await?;
    let organizations = organization::store::by_ids(&mut source, &ids).await?;
    let config = site.config();
    Ok(Json(SessionOut {
        admin: SessionAdmin {
            id: who.admin.id.into(),
            email: who.admin.email,
            firstname: who.admin.firstname,
            lastname: who.admin.lastname,
            role_name: ROLE,
            api_key_set: who.admin.api_key.is_some(),
            provider: who.admin.provider_id.map(ObjectId),
        },
        organizations: organizations.iter().map(OrganizationRef::new).collect(),
        public_url: config.base().to_owned(),
        version: config.version,
        dev: config.dev,
        mail_configured: config.mail,
    }))
}
