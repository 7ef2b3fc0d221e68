//! What the tokens of an application are like: format, encryption, subject, audience, binding. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Oidc;
use crate::FieldError;

/// What the tokens of an application are like: format, encryption, subject, audience, binding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Tokens {}

impl Tokens {
    /// What is wrong with it, beside the rest of the settings.
    pub(super) fn problems(&self, _oidc: &Oidc, _out: &mut Vec<FieldError>) {}
}
