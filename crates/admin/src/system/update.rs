//! Changes a device's settings and its owner: v1's PUT merges.

use axum::extract::State;
use muster_base::Id;
use muster_directory::device::facts::AgentMessage;
use muster_directory::device::update::Update;
use muster_directory::user::profile::CustomAttribute;
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::model::{SystemOut, show};
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

/// A device as written: what is present replaces, what is absent stays. What a device reports of itself is passed over, so
/// that an answer can be sent back.
#[derive(ToSchema)]
#[schema(as = SystemPut)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) struct SystemWrite {
    #[schema(rename = "agentBoundMessages")]
    agent_bound_messages: Option<Vec<AgentMessage>>,
    #[schema(rename = "allowMultiFactorAuthentication")]
    allow_multi_factor_authentication: Option<bool>,
    #[schema(rename = "allowPublicKeyAuthentication")]
    allow_public_key_authentication: Option<bool>,
    #[schema(rename = "allowSshPasswordAuthentication")]
    allow_ssh_password_authentication: Option<bool>,
    #[schema(rename = "allowSshRootLogin")]
    allow_ssh_root_login: Option<bool>,
    /// All custom attributes: one that is left out is removed.
    attributes: Option<Vec<CustomAttribute>>,
    /// The name; without one the hostname.
    #[schema(rename = "displayName")]
    display_name: Option<String>,
    /// The owner; `null` for none. Muster's own: JumpCloud's API cannot set it.
    #[schema(rename = "primarySystemUser")]
    primary_system_user: Option<OwnerWrite>,
}

/// The owner of a device as written.
#[derive(ToSchema)]
#[schema(as = SystemOwnerPut)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) struct OwnerWrite {
    /// A person of the organization.
    id: ObjectId,
}

#[utoipa::path(put, path = "/api/systems/{id}", tag = "devices", params(("id" = ObjectId, Path)),
    request_body = SystemWrite, responses((status = 200, body = SystemOut), Changing))]
/// Update a device
pub(crate) async fn update(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(mut settings): Json<Map<String, Value>>,
) -> Result<Json<SystemOut>, ApiError> {
    let directory = site.directory();
    let owner = owner(settings.remove("primarySystemUser").as_ref())?;
    let device = directory.write(who.actor(), who.org(), Update { id, settings, owner }).await?;
    Ok(Json(show(directory, &device).await?))
}

/// The owner that a body names: absent, nobody or a person.
pub(super) fn owner(written: Option<&Value>) -> Result<Option<Option<Id>>, ApiError> {
    let wrong = |field: &str| ApiError::field(field, "the id of a person: {\"id\": \"...\"}, or null for no owner");
    match written {
        None => Ok(None),
        Some(Value::Null) => Ok(Some(None)),
        Some(Value::Object(members)) => match members.get("id") {
            Some(Value::String(text)) => {
                text.parse().map(|id| Some(Some(id))).map_err(|_| wrong("primarySystemUser.id"))
            }
            _ => Err(wrong("primarySystemUser.id")),
        },
        Some(_) => Err(wrong("primarySystemUser")),
    }
}
