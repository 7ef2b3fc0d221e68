//! What an application may reach by itself, and what its access tokens are like. Pure.

use std::collections::BTreeSet;

use muster_base::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{GrantType, Oidc, SigningAlg};
use crate::FieldError;

/// The most scopes of an application's own.
pub const SCOPES_MAX: usize = 50;
/// Scopes about people: an application that asks for itself is nobody.
pub const PERSONAL_SCOPES: [&str; 7] = ["openid", "profile", "email", "address", "phone", "groups", "offline_access"];

/// The form of an access token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccessTokenFormat {
    /// A signed token that whoever takes it can read (RFC 9068).
    #[default]
    Jwt,
    /// A random text: whoever takes it asks the introspection endpoint, and revoking ends it at once.
    Opaque,
}

/// What an application may reach by itself, and what its access tokens are like.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct AccessTokens {
    /// The form of its access tokens.
    pub access_token_format: AccessTokenFormat,
    /// The scopes that it may ask for in its own name (`client_credentials`), separated by spaces.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub scope: String,
    /// It may ask about every token of the organization (RFC 7662), not only about its own and those meant for it.
    pub introspect_all_tokens: bool,
    /// How the answers of the introspection endpoint are signed when it asks for that (RFC 9701); as its ID tokens when
    /// left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introspection_signed_response_alg: Option<SigningAlg>,
    /// The applications whose tokens it may exchange, by client id (RFC 8693); beside its own, and those that name it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub token_exchange_clients: Vec<String>,
    /// A token that it exchanges need not say that it acts (`act`).
    pub token_exchange_impersonation: bool,
    /// Its proofs of possession must carry a nonce of ours (RFC 9449 section 8).
    pub dpop_nonce_required: bool,
}

impl AccessTokens {
    /// Its own scopes.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scope.split(' ').filter(|scope| !scope.is_empty())
    }

    /// What is wrong with it, beside the rest of the settings.
    pub(super) fn problems(&self, oidc: &Oidc, out: &mut Vec<FieldError>) {
        let mut wrong = |field: &str, message: &str| out.push(FieldError::new(format!("oidc.{field}"), message));
        let is_token = |scope: &str| scope.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e));
        let scopes: BTreeSet<&str> = self.scopes().collect();
        if scopes.len() > SCOPES_MAX || self.scope.len() > 4096 || !scopes.iter().all(|scope| is_token(scope)) {
            wrong("scope", "at most 50 scopes of printable ASCII without quotes and backslashes, separated by spaces");
        }
        if scopes.iter().any(|scope| PERSONAL_SCOPES.contains(scope)) {
            wrong("scope", "openid and its kin are about people and need not be entered: leave them out");
        }
        if self.token_exchange_clients.len() > 100
            || self.token_exchange_clients.iter().any(|c| c.parse::<Id>().is_err())
        {
            wrong("tokenExchangeClients", "at most 100 client ids of 24 hexadecimal characters");
        }
        let has = |grant| oidc.grant_types.contains(&grant);
        if oidc.is_public() && (has(GrantType::ClientCredentials) || has(GrantType::TokenExchange)) {
            wrong(
                "grantTypes",
                "a public client cannot show that it is itself: no client_credentials, no token exchange",
            );
        }
        if oidc.is_public() && self.introspect_all_tokens {
            wrong("introspectAllTokens", "a public client may not introspect: choose another way to authenticate");
        }
        if has(GrantType::RefreshToken) && !has(GrantType::AuthorizationCode) && !has(GrantType::DeviceCode) {
            wrong("grantTypes", "refresh_token comes of authorization_code or the device grant: add one of them");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::application::ClientAuthentication;

    #[test]
    fn what_an_application_may_not_reach() {
        let of = |access: AccessTokens, grants: &[GrantType], method| {
            let oidc = Oidc {
                grant_types: grants.to_vec(),
                token_endpoint_auth_method: method,
                access: access.clone(),
                ..Oidc::default()
            };
            let mut out = Vec::new();
            access.problems(&oidc, &mut out);
            out.into_iter().map(|problem| problem.field).collect::<Vec<_>>()
        };
        let (post, none) = (ClientAuthentication::ClientSecretPost, ClientAuthentication::None);
        let scope = |text: &str| AccessTokens { scope: text.into(), ..AccessTokens::default() };
        assert!(of(scope("reports.read reports.write"), &[GrantType::ClientCredentials], post).is_empty());
        assert_eq!(of(scope("reports openid"), &[GrantType::ClientCredentials], post), ["oidc.scope"]);
        assert_eq!(of(scope("a\"b"), &[GrantType::ClientCredentials], post), ["oidc.scope"]);
        assert_eq!(of(scope(""), &[GrantType::ClientCredentials], none), ["oidc.grantTypes"]);
        assert_eq!(of(scope(""), &[GrantType::TokenExchange], none), ["oidc.grantTypes"]);
        assert_eq!(of(scope(""), &[GrantType::RefreshToken], post), ["oidc.grantTypes"]);
        assert!(of(scope(""), &[GrantType::DeviceCode, GrantType::RefreshToken], none).is_empty());
    }
}
