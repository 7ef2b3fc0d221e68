//! What the authorization requests of an application must be like, and what is asked of the person. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Oidc;
use crate::FieldError;

/// What the authorization requests of an application must be like, and what is asked of the person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Requests {}

impl Requests {
    /// What is wrong with it, beside the rest of the settings.
    pub(super) fn problems(&self, _oidc: &Oidc, _out: &mut Vec<FieldError>) {}
}
