//! The keys by which an application authenticates (RFC 7523, RFC 8705). Pure.

use muster_jose::{JwkSet, KeyAlg, recipient};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Oidc;
use crate::FieldError;

/// The keys by which an application authenticates (RFC 7523, RFC 8705).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Authentication {
    /// Its public keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub jwks: Option<serde_json::Value>,
}

impl Authentication {
    /// Its public keys, as far as they are entered.
    #[must_use]
    pub fn keys(&self) -> JwkSet {
        self.jwks.as_ref().and_then(|set| serde_json::from_value(set.clone()).ok()).unwrap_or_default()
    }

    /// Whether something can be encrypted to one of its keys.
    #[must_use]
    pub fn may_encrypt(&self, alg: KeyAlg) -> bool {
        recipient(&self.keys(), alg).is_some()
    }

    /// What is wrong with it, beside the rest of the settings.
    pub(super) fn problems(&self, _oidc: &Oidc, _out: &mut Vec<FieldError>) {}
}
