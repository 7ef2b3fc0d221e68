//! The keys by which an application authenticates (RFC 7523, RFC 8705). Pure.

use muster_jose::{Jwk, JwkSet, KeyAlg, recipient};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Oidc;
use crate::FieldError;

/// A public key of an application (RFC 7517 section 4).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ClientKey {
    /// `RSA`, `EC` or `OKP`.
    pub kty: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// `sig` or `enc`.
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    pub usage: Option<String>,
    /// The one algorithm it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
    /// The curve, for `EC` and `OKP`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crv: Option<String>,
    /// The modulus, for `RSA`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<String>,
    /// The exponent, for `RSA`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e: Option<String>,
    /// The first coordinate (`EC`), or the key (`OKP`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<String>,
    /// The second coordinate, for `EC`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<String>,
}

/// The public keys of an application (RFC 7517 section 5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClientKeys {
    /// The keys.
    pub keys: Vec<ClientKey>,
}

impl ClientKeys {
    /// The keys as a set to check signatures with.
    #[must_use]
    pub fn set(&self) -> JwkSet {
        let key = |key: &ClientKey| Jwk {
            kty: key.kty.clone(),
            kid: key.kid.clone(),
            usage: key.usage.clone(),
            alg: key.alg.clone(),
            crv: key.crv.clone(),
            n: key.n.clone(),
            e: key.e.clone(),
            x: key.x.clone(),
            y: key.y.clone(),
            ..Jwk::default()
        };
        self.keys.iter().map(key).collect()
    }
}

/// The keys by which an application authenticates (RFC 7523, RFC 8705).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Authentication {
    /// Its public keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks: Option<ClientKeys>,
}

impl Authentication {
    /// Its public keys, as far as they are entered.
    #[must_use]
    pub fn keys(&self) -> JwkSet {
        self.jwks.as_ref().map(ClientKeys::set).unwrap_or_default()
    }

    /// Whether something can be encrypted to one of its keys.
    #[must_use]
    pub fn may_encrypt(&self, alg: KeyAlg) -> bool {
        recipient(&self.keys(), alg).is_some()
    }

    /// What is wrong with it, beside the rest of the settings.
    pub(super) fn problems(&self, _oidc: &Oidc, out: &mut Vec<FieldError>) {
        let unusable = |set: &ClientKeys| set.set().keys.iter().any(|key| key.thumbprint().is_none());
        if self.jwks.as_ref().is_some_and(|set| set.keys.len() > 16 || unusable(set)) {
            out.push(FieldError::new("oidc.jwks", "at most 16 public keys: RSA, EC or OKP with all their members"));
        }
    }
}
