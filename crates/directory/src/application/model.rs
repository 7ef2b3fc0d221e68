//! An application. Pure.

use std::collections::BTreeSet;

use muster_base::{Id, Micros, limits};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::redirect_uri::{check_redirect_uri, check_url};
use super::saml::Saml;
use crate::FieldError;

/// How an application authenticates at the token endpoint (OIDC Core section 9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// Client Secret Post: id and secret in the form.
    #[default]
    ClientSecretPost,
    /// Client Secret Basic: HTTP Basic.
    ClientSecretBasic,
    /// Public (None PKCE): no secret; PKCE is required.
    None,
}

/// What an application may ask the token endpoint for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GrantType {
    /// A code.
    AuthorizationCode,
    /// A refresh token.
    RefreshToken,
}

/// How tokens are signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub enum SigningAlg {
    /// RSA with SHA-256: what every library reads.
    #[default]
    #[serde(rename = "RS256")]
    Rs256,
    /// ECDSA on P-256.
    #[serde(rename = "ES256")]
    Es256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl SigningAlg {
    /// All, the default first.
    pub const ALL: [Self; 3] = [Self::Rs256, Self::Es256, Self::EdDsa];

    /// The JOSE name.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }

    /// Reads the JOSE name.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.word() == word)
    }
}

/// A row of a mapping: the application's name for it, and ours (or the constant itself).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Mapping {
    /// Service Provider Attribute Name: the claim.
    pub name: String,
    /// Muster Attribute Name, or the constant's value.
    pub value: String,
}

/// The groups claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupsClaim {
    /// The claim's name.
    pub name: String,
    /// A bare string where there is one group (JumpCloud's form), instead of always an array.
    #[serde(default)]
    pub string_when_one: bool,
}

/// The OpenID Connect side of an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Oidc {
    /// Redirect URIs, compared exactly.
    pub redirect_uris: Vec<String>,
    /// Where a sign-out may return to, compared exactly.
    pub post_logout_redirect_uris: Vec<String>,
    /// What it may ask for.
    pub grant_types: Vec<GrantType>,
    /// How it authenticates.
    pub token_endpoint_auth_method: ClientAuthentication,
    /// Login URL: where the portal's tile leads.
    pub relying_party_url: String,
    /// USER ATTRIBUTE MAPPING.
    pub dynamic_claims: Vec<Mapping>,
    /// Constant Attributes.
    pub constant_claims: Vec<Mapping>,
    /// Group attributes.
    pub groups_claim: Option<GroupsClaim>,
    /// How its ID and access tokens are signed.
    pub id_token_signed_response_alg: SigningAlg,
    /// How long an access token may be used, in seconds.
    pub access_token_ttl_s: i64,
    /// How long a refresh token may be used after its last use, in seconds.
    pub refresh_token_ttl_s: i64,
}

impl Default for Oidc {
    fn default() -> Self {
        Self {
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            grant_types: vec![GrantType::AuthorizationCode],
            token_endpoint_auth_method: ClientAuthentication::default(),
            relying_party_url: String::new(),
            dynamic_claims: Vec::new(),
            constant_claims: Vec::new(),
            groups_claim: None,
            id_token_signed_response_alg: SigningAlg::default(),
            access_token_ttl_s: 3600,
            refresh_token_ttl_s: 30 * 86_400,
        }
    }
}

/// Everything about an application that is entered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Doc {
    /// Display Label.
    pub display_label: String,
    /// The kind's name for people ("OpenID Connect").
    pub display_name: String,
    /// For people.
    pub description: String,
    /// Not shown in the portal.
    pub hidden: bool,
    /// The OpenID Connect side, once set up.
    pub oidc: Option<Oidc>,
    /// The SAML side, once set up.
    pub saml: Option<Saml>,
}

/// An application.
#[derive(Clone, Debug)]
pub struct Application {
    /// The organization.
    pub org: Id,
    /// The id; also the OAuth `client_id`.
    pub id: Id,
    /// The template: `oidc` or `saml`.
    pub name: String,
    /// What is entered.
    pub doc: Doc,
    /// Sign-ins only while active.
    pub active: bool,
    /// Whether it has a logo.
    pub has_logo: bool,
    /// When it was made.
    pub created_at: Micros,
}

/// The most redirect URIs, mappings or constants of one application.
pub const LIST_MAX: usize = 100;

/// Claims that the provider itself speaks through: a mapping may not write them (RFC 7519, OIDC Core section 2).
pub const RESERVED_CLAIMS: &[&str] = &[
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "nbf",
    "jti",
    "nonce",
    "at_hash",
    "c_hash",
    "s_hash",
    "auth_time",
    "acr",
    "amr",
    "azp",
    "sid",
    "scope",
    "client_id",
    "cnf",
    "act",
    "email_verified",
    "token_use",
];

/// Claims by which applications tell people apart: what their owner writes may not feed them.
pub const IDENTIFYING_CLAIMS: &[&str] = &["email", "preferred_username", "upn", "username"];

impl Application {
    /// The name for people.
    #[must_use]
    pub fn label(&self) -> &str {
        if self.doc.display_label.is_empty() { &self.doc.display_name } else { &self.doc.display_label }
    }

    /// What is wrong with it.
    #[must_use]
    pub fn problems(&self) -> Vec<FieldError> {
        let mut out = Vec::new();
        if !matches!(self.name.as_str(), "oidc" | "saml") {
            let message = "this kind of application is not available yet: use \"oidc\" or \"saml\"";
            out.push(FieldError::new("name", message));
        }
        let label = &self.doc.display_label;
        if label.chars().count() > limits::NAME_MAX || label.chars().any(char::is_control) {
            out.push(FieldError::new("displayLabel", "at most 255 characters, no control characters"));
        }
        if self.doc.display_name.chars().count() > limits::NAME_MAX || self.doc.display_name.contains('\0') {
            out.push(FieldError::new("displayName", "at most 255 characters"));
        }
        if self.doc.description.chars().count() > limits::TEXT_MAX || self.doc.description.contains('\0') {
            out.push(FieldError::new("description", "at most 1024 characters"));
        }
        if let Some(oidc) = &self.doc.oidc {
            oidc.problems(&mut out);
        }
        if let Some(saml) = &self.doc.saml {
            saml.problems(&mut out);
        }
        out
    }
}

impl Oidc {
    /// Whether it has no secret (RFC 6749 section 2.1).
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.token_endpoint_auth_method == ClientAuthentication::None
    }

    /// The attribute of ours that feeds a claim, by the mapping.
    #[must_use]
    pub fn attribute_of(&self, claim: &str) -> Option<&str> {
        self.dynamic_claims.iter().find(|m| m.name == claim).map(|m| m.value.as_str())
    }

    fn problems(&self, out: &mut Vec<FieldError>) {
        let mut wrong = |field: String, message: String| out.push(FieldError::new(field, message));
        let lists =
            [("redirectUris", &self.redirect_uris), ("postLogoutRedirectUris", &self.post_logout_redirect_uris)];
        for (name, uris) in lists {
            if uris.len() > LIST_MAX {
                wrong(format!("oidc.{name}"), format!("at most {LIST_MAX}"));
            }
            for (i, uri) in uris.iter().enumerate() {
                if let Err(message) = check_redirect_uri(uri, self.is_public()) {
                    wrong(format!("oidc.{name}[{i}]"), message);
                }
            }
        }
        if self.redirect_uris.is_empty() {
            wrong("oidc.redirectUris".into(), "enter at least one redirect URI".into());
        }
        if !self.grant_types.contains(&GrantType::AuthorizationCode) {
            wrong("oidc.grantTypes".into(), "must contain authorization_code".into());
        }
        if let Err(message) = check_url(&self.relying_party_url) {
            wrong("oidc.relyingPartyUrl".into(), message);
        }
        let mut claims = BTreeSet::new();
        let groups = self.groups_claim.iter().map(|g| ("groupsClaim".to_owned(), g.name.as_str(), "x"));
        let dynamic = self.dynamic_claims.iter().enumerate();
        let dynamic = dynamic.map(|(i, m)| (format!("dynamicClaims[{i}]"), m.name.as_str(), m.value.as_str()));
        let constant = self.constant_claims.iter().enumerate();
        let constant = constant.map(|(i, m)| (format!("constantClaims[{i}]"), m.name.as_str(), m.value.as_str()));
        for (place, name, value) in dynamic.chain(constant).chain(groups) {
            if let Some(message) = claim_problem(name) {
                wrong(format!("oidc.{place}.name"), message);
            } else if !claims.insert(name) {
                wrong(format!("oidc.{place}.name"), format!("the claim \"{name}\" is mapped twice: keep one"));
            }
            if value.is_empty() || value.chars().count() > limits::TEXT_MAX || value.contains('\0') {
                wrong(format!("oidc.{place}.value"), "1 to 1024 characters".into());
            }
        }
        if self.dynamic_claims.len() > LIST_MAX || self.constant_claims.len() > LIST_MAX {
            wrong("oidc.dynamicClaims".into(), format!("at most {LIST_MAX}"));
        }
        if !(60..=86_400).contains(&self.access_token_ttl_s) {
            wrong("oidc.accessTokenLifespan".into(), "from 60 to 86400 seconds".into());
        }
        if !(300..=400 * 86_400).contains(&self.refresh_token_ttl_s) {
            wrong("oidc.refreshTokenLifespan".into(), "from 300 seconds to 400 days".into());
        }
    }
}

fn claim_problem(name: &str) -> Option<String> {
    if name.is_empty() || name.len() > 128 || name.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Some("1 to 128 characters without spaces".into());
    }
    RESERVED_CLAIMS
        .contains(&name)
        .then(|| format!("\"{name}\" is set by the sign-in itself and cannot be mapped: choose another name"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_cannot_write_what_the_provider_says_itself() {
        let oidc = Oidc {
            redirect_uris: vec!["https://a.example/".into()],
            dynamic_claims: vec![
                Mapping { name: "sub".into(), value: "email".into() },
                Mapping { name: "email".into(), value: "email".into() },
                Mapping { name: "email".into(), value: "username".into() },
            ],
            ..Oidc::default()
        };
        let mut out = Vec::new();
        oidc.problems(&mut out);
        let fields: Vec<&str> = out.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["oidc.dynamicClaims[0].name", "oidc.dynamicClaims[2].name"]);
    }
}
