//! Public keys as JSON (RFC 7517), ours and those of others. Never here: private keys (the members `d`, `k` and so on
//! are not even kept when a foreign set wrongly shows them).

use crate::{Alg, KeyAlg, MAX_KEYS, MAX_SET_BYTES, json, thumbprint};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// A public key (RFC 7517 section 4). The members of the key itself are base64url text; they are looked at when the
/// key is used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// Key type: `RSA`, `EC` or `OKP`.
    pub kty: String,
    /// Name of the key within its set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// What the key is for: `sig` or `enc`.
    #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
    pub usage: Option<String>,
    /// What may be done with it; a key for us has `verify` here, or no such member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_ops: Option<Vec<String>>,
    /// The one algorithm it is meant for; text, since foreign sets name many that we do not speak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
    /// Curve, for `EC` and `OKP`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crv: Option<String>,
    /// Modulus, for `RSA`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<String>,
    /// Public exponent, for `RSA`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub e: Option<String>,
    /// First coordinate (`EC`) or the public key (`OKP`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x: Option<String>,
    /// Second coordinate, for `EC`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub y: Option<String>,
}

impl Jwk {
    /// The SHA-256 thumbprint (RFC 7638), base64url; `None` when the key is of a type we do not speak or incomplete.
    #[must_use]
    pub fn thumbprint(&self) -> Option<String> {
        thumbprint::thumbprint(self)
    }

    /// Whether a signature of this algorithm may be checked with this key: type, curve, `alg`, `use` and `key_ops`
    /// all have to allow it (RFC 7517 sections 4.2 to 4.4, RFC 8725 section 3.1).
    #[must_use]
    pub fn fits(&self, alg: Alg) -> bool {
        let (kty, crv) = alg.key_shape();
        self.kty == kty
            && crv.is_none_or(|curve| self.crv.as_deref() == Some(curve))
            && self.alg.as_deref().is_none_or(|name| name == alg.name())
            && self.usage.as_deref().is_none_or(|usage| usage == "sig")
            && self.key_ops.as_ref().is_none_or(|ops| ops.iter().any(|op| op == "verify"))
    }

    /// Whether something may be encrypted to this key with this algorithm: type, curve, `alg`, `use` and `key_ops` all
    /// have to allow it.
    #[must_use]
    pub fn fits_encryption(&self, alg: KeyAlg) -> bool {
        let (kty, crv) = alg.key_shape();
        let of_encryption = |op: &String| matches!(op.as_str(), "encrypt" | "wrapKey" | "deriveKey" | "deriveBits");
        self.kty == kty
            && crv.is_none_or(|curve| self.crv.as_deref() == Some(curve))
            && self.alg.as_deref().is_none_or(|name| name == alg.name())
            && self.usage.as_deref().is_none_or(|usage| usage == "enc")
            && self.key_ops.as_ref().is_none_or(|ops| ops.iter().any(of_encryption))
    }
}

/// A set of public keys (RFC 7517 section 5).
///
/// Reading is tolerant as section 5 asks: an entry that is not understood (unknown `kty`, a member of a wrong type) is
/// left out instead of spoiling the set. Keys that are too weak stay in, so that a token signed with one can be told
/// why it is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct JwkSet {
    /// The keys that are understood.
    pub keys: Vec<Jwk>,
}

/// A key set document that cannot be used at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwkSetError {
    /// More than [`MAX_SET_BYTES`].
    #[error("the key set is larger than {MAX_SET_BYTES} bytes")]
    TooLarge,
    /// Not a JSON object with a `keys` array of at most [`MAX_KEYS`].
    #[error("the key set is not a JSON object with an array \"keys\" of at most {MAX_KEYS} keys: {0}")]
    Malformed(String),
}

impl JwkSet {
    /// The set in a fetched document.
    ///
    /// # Errors
    /// A document that is too large, no key set, or has more than [`MAX_KEYS`] keys.
    pub fn parse(document: &[u8]) -> Result<Self, JwkSetError> {
        if document.len() > MAX_SET_BYTES {
            return Err(JwkSetError::TooLarge);
        }
        let members = json::object(document).map_err(|error| JwkSetError::Malformed(error.to_string()))?;
        Self::from_members(members)
    }

    fn from_members(mut members: Map<String, Value>) -> Result<Self, JwkSetError> {
        let Some(Value::Array(entries)) = members.remove("keys") else {
            return Err(JwkSetError::Malformed("there is no such array".to_owned()));
        };
        if entries.len() > MAX_KEYS {
            return Err(JwkSetError::Malformed(format!("there are {}", entries.len())));
        }
        // A derived reader would also take an array for a key.
        let objects = entries.into_iter().filter(Value::is_object);
        let known = |key: &Jwk| matches!(key.kty.as_str(), "RSA" | "EC" | "OKP");
        Ok(Self { keys: objects.filter_map(|entry| serde_json::from_value(entry).ok()).filter(known).collect() })
    }

    /// The key of this name, if any.
    #[must_use]
    pub fn get(&self, kid: &str) -> Option<&Jwk> {
        self.keys.iter().find(|key| key.kid.as_deref() == Some(kid))
    }
}

impl FromIterator<Jwk> for JwkSet {
    fn from_iter<I: IntoIterator<Item = Jwk>>(keys: I) -> Self {
        Self { keys: keys.into_iter().collect() }
    }
}

impl<'de> Deserialize<'de> for JwkSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_members(Map::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
