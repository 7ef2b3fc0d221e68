//! The keys by which an application authenticates (RFC 7523, RFC 8705). Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Oidc;
use crate::FieldError;

/// The keys by which an application authenticates (RFC 7523, RFC 8705).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Authentication {}

impl Authentication {
    /// What is wrong with it, beside the rest of the settings.
    pub(super) fn problems(&self, _oidc: &Oidc, _out: &mut Vec<FieldError>) {}
}
