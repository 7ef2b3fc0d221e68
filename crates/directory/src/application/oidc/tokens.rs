//! What an application's tokens are like: subjects, encryption, signed answers, lifetimes. Pure.

use std::collections::BTreeSet;

use muster_jose::{Enc, KeyAlg};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Oidc, SigningAlg};
use crate::FieldError;
use crate::application::page::check_url;

/// How the application names a person (OpenID Connect Core section 8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubjectType {
    /// Everywhere the same: the person's id.
    #[default]
    Public,
    /// Another in each sector, so that applications of two sectors cannot tell that they mean one person.
    Pairwise,
}

/// To which key something is encrypted for an application (RFC 7518 section 4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum KeyEncryption {
    /// RSA-OAEP with SHA-256.
    #[serde(rename = "RSA-OAEP-256")]
    RsaOaep256,
    /// ECDH on P-256, the agreed key itself.
    #[serde(rename = "ECDH-ES")]
    EcdhEs,
    /// ECDH on P-256, wrapping the content key.
    #[serde(rename = "ECDH-ES+A256KW")]
    EcdhEsA256kw,
}

impl KeyEncryption {
    /// As `muster-jose` names it.
    #[must_use]
    pub const fn alg(self) -> KeyAlg {
        match self {
            Self::RsaOaep256 => KeyAlg::RsaOaep256,
            Self::EcdhEs => KeyAlg::EcdhEs,
            Self::EcdhEsA256kw => KeyAlg::EcdhEsA256Kw,
        }
    }
}

/// How the content of something encrypted is encrypted (RFC 7518 section 5.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum ContentEncryption {
    /// AES-128 in CBC mode with HMAC SHA-256: what holds when nothing is said.
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

impl ContentEncryption {
    /// As `muster-jose` names it.
    #[must_use]
    pub const fn enc(self) -> Enc {
        match self {
            Self::A128CbcHs256 => Enc::A128CbcHs256,
            Self::A128Gcm => Enc::A128Gcm,
            Self::A256Gcm => Enc::A256Gcm,
        }
    }
}

/// How long an ID token is valid when nothing is said, in seconds: it is read once, when the person arrives.
const ID_TOKEN_TTL_S: i64 = 3600;

/// What an application's tokens are like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Tokens {
    /// How the application names a person.
    pub subject_type: SubjectType,
    /// Pairwise: an address whose host is the sector, for applications with redirect URIs on several hosts. It answers
    /// with a JSON array that has them all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sector_identifier_uri: Option<String>,
    /// Encrypts ID and logout tokens to the application's key; needs `jwks`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_encrypted_response_alg: Option<KeyEncryption>,
    /// How their content is encrypted; `A128CBC-HS256` when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_encrypted_response_enc: Option<ContentEncryption>,
    /// Makes the userinfo answer a signed token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_signed_response_alg: Option<SigningAlg>,
    /// Encrypts the userinfo answer to the application's key; needs `jwks`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_encrypted_response_alg: Option<KeyEncryption>,
    /// How its content is encrypted; `A128CBC-HS256` when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_encrypted_response_enc: Option<ContentEncryption>,
    /// How long an ID token is valid, in seconds: from 60 to 86400.
    pub id_token_lifetime_seconds: i64,
}

impl Default for Tokens {
    fn default() -> Self {
        Self {
            subject_type: SubjectType::Public,
            sector_identifier_uri: None,
            id_token_encrypted_response_alg: None,
            id_token_encrypted_response_enc: None,
            userinfo_signed_response_alg: None,
            userinfo_encrypted_response_alg: None,
            userinfo_encrypted_response_enc: None,
            id_token_lifetime_seconds: ID_TOKEN_TTL_S,
        }
    }
}

impl Tokens {
    /// Whether the application names people pairwise.
    #[must_use]
    pub fn is_pairwise(&self) -> bool {
        self.subject_type == SubjectType::Pairwise
    }

    /// How ID and logout tokens are encrypted, if they are.
    #[must_use]
    pub fn id_token_encryption(&self) -> Option<(KeyAlg, Enc)> {
        let enc = self.id_token_encrypted_response_enc.unwrap_or_default().enc();
        self.id_token_encrypted_response_alg.map(|alg| (alg.alg(), enc))
    }

    /// How the userinfo answer is encrypted, if it is.
    #[must_use]
    pub fn userinfo_encryption(&self) -> Option<(KeyAlg, Enc)> {
        let enc = self.userinfo_encrypted_response_enc.unwrap_or_default().enc();
        self.userinfo_encrypted_response_alg.map(|alg| (alg.alg(), enc))
    }

    /// The sector of pairwise subjects (OpenID Connect Core section 8.1): the host of the sector identifier URI, else the
    /// one host of the redirect URIs. `None` for public subjects, and where the redirect URIs have several hosts.
    #[must_use]
    pub fn sector(&self, redirect_uris: &[String]) -> Option<String> {
        if self.subject_type == SubjectType::Public {
            return None;
        }
        if let Some(uri) = &self.sector_identifier_uri {
            return host(uri);
        }
        let hosts: BTreeSet<Option<String>> = redirect_uris.iter().map(|uri| host(uri)).collect();
        if hosts.len() == 1 { hosts.into_iter().next().flatten() } else { None }
    }

    /// What is wrong with it, beside the rest of the settings.
    pub(super) fn problems(&self, oidc: &Oidc, out: &mut Vec<FieldError>) {
        let mut wrong = |field: &str, message: &str| out.push(FieldError::new(format!("oidc.{field}"), message));
        if self.subject_type == SubjectType::Pairwise
            && self.sector_identifier_uri.is_none()
            && self.sector(&oidc.redirect_uris).is_none()
        {
            let message =
                "pairwise subjects with redirect URIs on several hosts (or on none) need a sector identifier URI";
            wrong("sectorIdentifierUri", message);
        }
        if let Some(uri) = &self.sector_identifier_uri
            && (!uri.starts_with("https://") || check_url(uri).is_err() || host(uri).is_none())
        {
            wrong("sectorIdentifierUri", "an address that begins with https:// is needed");
        }
        if self.id_token_encrypted_response_enc.is_some() && self.id_token_encrypted_response_alg.is_none() {
            wrong("idTokenEncryptedResponseEnc", "only together with idTokenEncryptedResponseAlg");
        }
        if self.userinfo_encrypted_response_enc.is_some() && self.userinfo_encrypted_response_alg.is_none() {
            wrong("userinfoEncryptedResponseEnc", "only together with userinfoEncryptedResponseAlg");
        }
        let uses = [
            ("idTokenEncryptedResponseAlg", self.id_token_encrypted_response_alg),
            ("userinfoEncryptedResponseAlg", self.userinfo_encrypted_response_alg),
        ];
        for (field, alg) in uses {
            let Some(alg) = alg else { continue };
            if !oidc.authentication.may_encrypt(alg.alg()) {
                wrong(field, "needs a public key of this type among the application's keys: give it in jwks");
            }
        }
        if !(60..=86_400).contains(&self.id_token_lifetime_seconds) {
            wrong("idTokenLifetimeSeconds", "from 60 to 86400 seconds");
        }
    }
}

fn host(uri: &str) -> Option<String> {
    url::Url::parse(uri).ok()?.host_str().filter(|host| !host.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sector_is_one_host() {
        let pairwise = Tokens { subject_type: SubjectType::Pairwise, ..Tokens::default() };
        let uris = |uris: &[&str]| uris.iter().map(|uri| (*uri).to_owned()).collect::<Vec<_>>();
        let one = uris(&["https://a.example/cb", "https://A.example:8443/other"]);
        let two = uris(&["https://a.example/cb", "https://b.example/cb"]);
        assert_eq!(pairwise.sector(&one).as_deref(), Some("a.example"));
        assert_eq!(pairwise.sector(&two), None);
        assert_eq!(pairwise.sector(&[]), None);
        let named = Tokens { sector_identifier_uri: Some("https://s.example/uris.json".into()), ..pairwise.clone() };
        assert_eq!(named.sector(&two).as_deref(), Some("s.example"));
        assert_eq!(Tokens::default().sector(&one), None);
    }

    #[test]
    fn wrong_settings_are_named() {
        let of = |tokens: Tokens| {
            let oidc = Oidc {
                redirect_uris: vec!["https://a.example/".into(), "https://b.example/".into()],
                tokens,
                ..Oidc::default()
            };
            let mut out = Vec::new();
            oidc.tokens.problems(&oidc, &mut out);
            out.into_iter().map(|problem| problem.field).collect::<Vec<_>>()
        };
        assert!(of(Tokens::default()).is_empty());
        let pairwise = Tokens { subject_type: SubjectType::Pairwise, ..Tokens::default() };
        assert_eq!(of(pairwise.clone()), ["oidc.sectorIdentifierUri"]);
        assert_eq!(
            of(Tokens { sector_identifier_uri: Some("http://s.example/".into()), ..pairwise }),
            ["oidc.sectorIdentifierUri"]
        );
        let enc = Tokens { id_token_encrypted_response_enc: Some(ContentEncryption::A256Gcm), ..Tokens::default() };
        assert_eq!(of(enc), ["oidc.idTokenEncryptedResponseEnc"]);
        let keyless = Tokens { id_token_encrypted_response_alg: Some(KeyEncryption::EcdhEs), ..Tokens::default() };
        assert_eq!(of(keyless), ["oidc.idTokenEncryptedResponseAlg"]);
        assert_eq!(of(Tokens { id_token_lifetime_seconds: 5, ..Tokens::default() }), ["oidc.idTokenLifetimeSeconds"]);
    }
}
