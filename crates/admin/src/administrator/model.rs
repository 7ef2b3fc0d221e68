//! An administrator as the v1 API shows them.

use muster_base::Id;
use muster_directory::administrator::{Administrator, Derived, Role};
use serde::Serialize;
use utoipa::ToSchema;

use crate::id::{ObjectId, Time};

/// The API key, as it can be told.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApiKeyHash {
    /// What it begins with.
    prefix: String,
    created_at: Time,
}

/// A group that a directory pushes, and by which a person is an administrator.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AdministratorSource {
    /// The person.
    user: ObjectId,
    /// The directory provider.
    directory_provider: ObjectId,
    directory_provider_name: String,
    /// The group.
    group: ObjectId,
    group_name: String,
}

impl AdministratorSource {
    /// Shows where it comes from.
    pub(crate) fn new(derived: &Derived) -> Self {
        Self {
            user: derived.user.into(),
            directory_provider: derived.provider.into(),
            directory_provider_name: derived.provider_name.clone(),
            group: derived.group.into(),
            group_name: derived.group_name.clone(),
        }
    }
}

/// An administrator.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Administrator)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the fields are JumpCloud's")]
pub(crate) struct AdministratorOut {
    #[serde(rename = "_id")]
    id: ObjectId,
    email: String,
    firstname: String,
    lastname: String,
    role_name: Role,
    role_names: Vec<Role>,
    /// Always false so far.
    enable_multi_factor: bool,
    /// Always false so far.
    totp_enrolled: bool,
    api_key_allowed: bool,
    api_key_set: bool,
    api_key_hash: Option<ApiKeyHash>,
    /// Kept out.
    suspended: bool,
    /// The organization's id.
    organization: ObjectId,
    /// The service provider all of whose organizations they reach.
    provider: Option<ObjectId>,
    created: Time,
    /// Of one who is a person of the organization: what made them one. Such a one cannot be changed here.
    source: Option<AdministratorSource>,
    /// The link that sets their password; once, in the answer that made them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activation_link: Option<String>,
}

impl AdministratorOut {
    /// Shows an administrator.
    pub(super) fn new(admin: &Administrator, role: Role, org: Id) -> Self {
        Self {
            id: admin.id.into(),
            email: admin.email.clone(),
            firstname: admin.firstname.clone(),
            lastname: admin.lastname.clone(),
            role_name: role,
            role_names: vec![role],
            enable_multi_factor: false,
            totp_enrolled: false,
            api_key_allowed: admin.derived.is_none(),
            api_key_set: admin.api_key.is_some(),
            api_key_hash: admin.api_key.clone().map(|(prefix, at)| ApiKeyHash { prefix, created_at: at.into() }),
            suspended: admin.suspended,
            organization: org.into(),
            provider: admin.provider_id.map(ObjectId),
            created: admin.created_at.into(),
            source: admin.derived.as_ref().map(AdministratorSource::new),
            activation_link: None,
        }
    }
}
