//! Who asks, and what they reach.

use axum::extract::State;
use muster_directory::administrator::{Role, store};
use muster_directory::organization;
use muster_http::{Admin, ApiError, Json, Site};
use serde::Serialize;
use utoipa::ToSchema;

use crate::administrator::AdministratorSource;
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
    /// The most that they may do in any organization.
    role_name: Role,
    /// Whether they have an API key.
    api_key_set: bool,
    /// The service provider all of whose organizations they reach.
    provider: Option<ObjectId>,
    /// Of one who is a person of the organization: what made them one.
    source: Option<AdministratorSource>,
}

/// An organization, and what the administrator may do in it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionOrganization {
    #[serde(flatten)]
    organization: OrganizationRef,
    /// What they may do in it.
    role_name: Role,
}

/// The session.
#[derive(Serialize, ToSchema)]
#[schema(as = AdministratorSession)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionOut {
    admin: SessionAdmin,
    /// The organizations they reach, by name.
    organizations: Vec<SessionOrganization>,
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
    let mut organizations = Vec::new();
    for organization in organization::store::by_ids(&mut source, &ids).await? {
        let role = store::role(&mut source, organization.id, who.admin.id).await?;
        let role_name = role.unwrap_or(Role::ReadOnly);
        organizations.push(SessionOrganization { organization: OrganizationRef::new(&organization), role_name });
    }
    let config = site.config();
    Ok(Json(SessionOut {
        admin: SessionAdmin {
            id: who.admin.id.into(),
            email: who.admin.email,
            firstname: who.admin.firstname,
            lastname: who.admin.lastname,
            role_name: organizations.iter().map(|o| o.role_name).max().unwrap_or(Role::ReadOnly),
            source: who.admin.derived.as_ref().map(AdministratorSource::new),
            api_key_set: who.admin.api_key.is_some(),
            provider: who.admin.provider_id.map(ObjectId),
        },
        organizations,
        public_url: config.base().to_owned(),
        version: config.version,
        dev: config.dev,
        mail_configured: config.mail,
    }))
}
