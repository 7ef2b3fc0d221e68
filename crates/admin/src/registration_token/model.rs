//! An initial access token as the API shows it.

use muster_directory::registration::InitialToken;
use serde::Serialize;
use utoipa::ToSchema;

use crate::id::{ObjectId, Time};

/// An initial access token, as it can be told.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RegistrationToken)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RegistrationTokenOut {
    id: ObjectId,
    /// For whom it was made.
    description: String,
    /// How many clients may still register with it.
    uses_left: i64,
    created_at: Time,
    expires_at: Time,
    /// The token: only in the answer that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

impl RegistrationTokenOut {
    /// Shows a token.
    pub(super) fn new(kept: &InitialToken, token: Option<String>) -> Self {
        Self {
            id: kept.id.into(),
            description: kept.description.clone(),
            uses_left: kept.uses_left,
            created_at: kept.created_at.into(),
            expires_at: kept.expires_at.into(),
            token,
        }
    }
}
