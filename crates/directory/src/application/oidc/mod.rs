//! The OpenID Connect side of an application: what is entered about it. Pure. The settings that belong together are a
//! struct and a file each; on the wire and at rest they are members of one object, named as in dynamic registration
//! (RFC 7591, OpenID Connect Registration section 2), in camel case.

mod access;
mod authentication;
pub mod logout;
mod requests;
pub mod tokens;

use std::collections::BTreeSet;

use muster_base::limits;
use muster_oauth::redirect_uri;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::page::check_url;
use crate::FieldError;

pub use access::{AccessTokenFormat, AccessTokens, PERSONAL_SCOPES};
pub use authentication::{Authentication, ClientKey, ClientKeys};
pub use logout::Logout;
pub use requests::{Consent, Requests};
pub use tokens::{ContentEncryption, KeyEncryption, SubjectType, Tokens};

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
    /// A signed assertion (RFC 7523).
    PrivateKeyJwt,
    /// A certificate that an authority issued, by its name (RFC 8705 section 2.1).
    TlsClientAuth,
    /// A certificate that it made itself, by its key (RFC 8705 section 2.2).
    SelfSignedTlsClientAuth,
}

/// What an application may ask the token endpoint for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GrantType {
    /// A code.
    AuthorizationCode,
    /// A refresh token.
    RefreshToken,
    /// Itself (RFC 6749 section 4.4).
    ClientCredentials,
    /// A code that a person enters elsewhere (RFC 8628).
    #[serde(rename = "urn:ietf:params:oauth:grant-type:device_code")]
    DeviceCode,
    /// Another token (RFC 8693).
    #[serde(rename = "urn:ietf:params:oauth:grant-type:token-exchange")]
    TokenExchange,
}

impl GrantType {
    /// All.
    pub const ALL: [Self; 5] =
        [Self::AuthorizationCode, Self::RefreshToken, Self::ClientCredentials, Self::DeviceCode, Self::TokenExchange];

    /// The registered name.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
            Self::DeviceCode => "urn:ietf:params:oauth:grant-type:device_code",
            Self::TokenExchange => "urn:ietf:params:oauth:grant-type:token-exchange",
        }
    }
}

/// How tokens are signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub enum SigningAlg {
    /// RSA with SHA-256: what every library reads.
    #[default]
    #[serde(rename = "RS256")]
    Rs256,
    /// RSA with SHA-256 and PSS padding.
    #[serde(rename = "PS256")]
    Ps256,
    /// ECDSA on P-256.
    #[serde(rename = "ES256")]
    Es256,
    /// ECDSA on P-384.
    #[serde(rename = "ES384")]
    Es384,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl SigningAlg {
    /// All, the default first.
    pub const ALL: [Self; 5] = [Self::Rs256, Self::Ps256, Self::Es256, Self::Es384, Self::EdDsa];

    /// The JOSE name.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
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
    /// The keys by which it authenticates.
    #[serde(flatten)]
    pub authentication: Authentication,
    /// What its authorization requests must be like.
    #[serde(flatten)]
    pub requests: Requests,
    /// What its tokens are like.
    #[serde(flatten)]
    pub tokens: Tokens,
    /// How it learns that a session ended.
    #[serde(flatten)]
    pub logout: Logout,
    /// What it may reach by itself, and what its access tokens are like.
    #[serde(flatten)]
    pub access: AccessTokens,
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
            authentication: Authentication::default(),
            requests: Requests::default(),
            tokens: Tokens::default(),
            logout: Logout::default(),
            access: AccessTokens::default(),
        }
    }
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
    "exchanged",
    "grant_id",
    "email_verified",
    "token_use",
];

/// Claims by which applications tell people apart: what their owner writes may not feed them.
pub const IDENTIFYING_CLAIMS: &[&str] = &["email", "preferred_username", "upn", "username"];

impl Oidc {
    /// Whether it has no secret (RFC 6749 section 2.1).
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.token_endpoint_auth_method == ClientAuthentication::None
    }

    /// Whether it authenticates by a secret.
    #[must_use]
    pub fn has_secret(&self) -> bool {
        matches!(
            self.token_endpoint_auth_method,
            ClientAuthentication::ClientSecretPost | ClientAuthentication::ClientSecretBasic
        )
    }

    /// Whether it is registered for a grant type.
    #[must_use]
    pub fn may(&self, grant: GrantType) -> bool {
        self.grant_types.contains(&grant)
    }

    /// The attribute of ours that feeds a claim, by the mapping.
    #[must_use]
    pub fn attribute_of(&self, claim: &str) -> Option<&str> {
        self.dynamic_claims.iter().find(|m| m.name == claim).map(|m| m.value.as_str())
    }

    /// What is wrong with it.
    pub(super) fn problems(&self, out: &mut Vec<FieldError>) {
        self.authentication.problems(self, out);
        self.requests.problems(self, out);
        self.tokens.problems(self, out);
        self.logout.problems(self, out);
        self.access.problems(self, out);
        let mut wrong = |field: String, message: String| out.push(FieldError::new(field, message));
        let lists =
            [("redirectUris", &self.redirect_uris), ("postLogoutRedirectUris", &self.post_logout_redirect_uris)];
        for (name, uris) in lists {
            if uris.len() > LIST_MAX {
                wrong(format!("oidc.{name}"), format!("at most {LIST_MAX}"));
            }
            for (i, uri) in uris.iter().enumerate() {
                if let Err(message) = redirect_uri::check_registration(uri, self.is_public()) {
                    wrong(format!("oidc.{name}[{i}]"), message);
                }
            }
        }
        if self.redirect_uris.is_empty() && self.may(GrantType::AuthorizationCode) {
            wrong("oidc.redirectUris".into(), "enter at least one redirect URI".into());
        }
        if self.grant_types.is_empty() {
            wrong("oidc.grantTypes".into(), "must name at least one, such as authorization_code".into());
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
