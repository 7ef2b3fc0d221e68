//! A service account as the API shows it.

use muster_base::Id;
use muster_directory::service_account::store::{self, KeptSecret};
use muster_directory::service_account::{Role, ServiceAccount};
use muster_http::{ApiError, Site};
use serde::Serialize;
use utoipa::ToSchema;

use crate::id::{ObjectId, Time};

/// A secret of a service account, as it can be told.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ServiceAccountAuthConfig)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuthConfigOut {
    id: ObjectId,
    /// `CLIENT_SECRET`.
    auth_type: &'static str,
    created_at: Time,
    expires_at: Time,
    /// The secret: only in the answer that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
}

impl AuthConfigOut {
    /// Shows a secret.
    pub(super) fn new(kept: &KeptSecret, client_secret: Option<String>) -> Self {
        Self {
            id: kept.id.into(),
            auth_type: "CLIENT_SECRET",
            created_at: kept.created_at.into(),
            expires_at: kept.expires_at.into(),
            client_secret,
        }
    }
}

/// A service account.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ServiceAccount)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServiceAccountOut {
    id: ObjectId,
    name: String,
    role_name: Role,
    /// Kept out.
    disabled: bool,
    /// What it shows at `/oauth2/token`, with a secret.
    client_id: String,
    created_at: Time,
    auth_configs: Vec<AuthConfigOut>,
}

impl ServiceAccountOut {
    /// Shows an account.
    pub(super) fn new(account: &ServiceAccount, auth_configs: Vec<AuthConfigOut>) -> Self {
        Self {
            id: account.id.into(),
            name: account.name.clone(),
            role_name: account.role,
            disabled: account.disabled,
            client_id: account.client_id(),
            created_at: account.created_at.into(),
            auth_configs,
        }
    }
}

/// An account with its secrets, as kept.
///
/// # Errors
/// 404, and the database's.
pub(super) async fn show(site: &Site, org: Id, id: Id) -> Result<ServiceAccountOut, ApiError> {
    let mut read = site.directory().read();
    let account = store::get(&mut read, org, id).await?;
    let secrets = store::secrets(&mut read, org, id).await?;
    Ok(ServiceAccountOut::new(&account, secrets.iter().map(|kept| AuthConfigOut::new(kept, None)).collect()))
}

/// The days in JumpCloud's form of a lifetime: `90 Days`.
///
/// # Errors
/// 400 on `lifetime`.
pub(super) fn days(lifetime: Option<&str>) -> Result<i64, ApiError> {
    let Some(text) = lifetime else { return Ok(90) };
    let number = text.strip_suffix(" Days").or_else(|| text.strip_suffix(" Day"));
    let days = number.and_then(|number| number.parse::<i64>().ok());
    days.ok_or_else(|| ApiError::field("lifetime", "in days, such as \"90 Days\""))
}
