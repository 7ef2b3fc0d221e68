//! How an application learns that a session ended (OpenID Connect Back-Channel and Front-Channel Logout). Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Oidc;
use crate::FieldError;

/// How an application learns that a session ended (OpenID Connect Back-Channel and Front-Channel Logout).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Logout {}

impl Logout {
    /// What is wrong with it, beside the rest of the settings.
    pub(super) fn problems(&self, _oidc: &Oidc, _out: &mut Vec<FieldError>) {}
}
