//! The encryption algorithms that are spoken, as two closed lists: how the content key reaches the recipient, and how
//! the content is encrypted. Never here: `dir`, passwords (PBES2), RSA with PKCS#1 v1.5 padding (Bleichenbacher), SHA-1.

use serde::{Deserialize, Serialize};

/// How the content key reaches the recipient (RFC 7518 section 4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum KeyAlg {
    /// RSAES OAEP with SHA-256 and MGF1 with SHA-256.
    #[serde(rename = "RSA-OAEP-256")]
    RsaOaep256,
    /// ECDH on P-256; the agreed key is the content key.
    #[serde(rename = "ECDH-ES")]
    EcdhEs,
    /// ECDH on P-256; the agreed key wraps the content key.
    #[serde(rename = "ECDH-ES+A256KW")]
    EcdhEsA256Kw,
}

impl KeyAlg {
    /// Every algorithm, in the order in which a metadata document names them.
    pub const ALL: [Self; 3] = [Self::RsaOaep256, Self::EcdhEs, Self::EcdhEsA256Kw];

    /// The registered name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RsaOaep256 => "RSA-OAEP-256",
            Self::EcdhEs => "ECDH-ES",
            Self::EcdhEsA256Kw => "ECDH-ES+A256KW",
        }
    }

    /// The algorithm of exactly this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|alg| alg.name() == name)
    }

    /// The key type (`kty`) and curve (`crv`) that belong to it.
    pub(crate) const fn key_shape(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::RsaOaep256 => ("RSA", None),
            Self::EcdhEs | Self::EcdhEsA256Kw => ("EC", Some("P-256")),
        }
    }
}

impl std::fmt::Display for KeyAlg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// How the content is encrypted, always with authentication (RFC 7518 section 5.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Enc {
    /// AES-128 in CBC mode with HMAC SHA-256: what OpenID Connect Registration takes when nothing is said.
    #[default]
    #[serde(rename = "A128CBC-HS256")]
    A128CbcHs256,
    /// AES-128 in Galois/Counter mode.
    #[serde(rename = "A128GCM")]
    A128Gcm,
    /// AES-256 in Galois/Counter mode.
    #[serde(rename = "A256GCM")]
    A256Gcm,
}

impl Enc {
    /// Every algorithm, in the order in which a metadata document names them.
    pub const ALL: [Self; 3] = [Self::A128CbcHs256, Self::A128Gcm, Self::A256Gcm];

    /// The registered name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::A128CbcHs256 => "A128CBC-HS256",
            Self::A128Gcm => "A128GCM",
            Self::A256Gcm => "A256GCM",
        }
    }

    /// The algorithm of exactly this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|enc| enc.name() == name)
    }

    /// The length of the content key, in bytes.
    pub(crate) const fn key_bytes(self) -> usize {
        match self {
            Self::A128Gcm => 16,
            Self::A256Gcm | Self::A128CbcHs256 => 32,
        }
    }
}

impl std::fmt::Display for Enc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
