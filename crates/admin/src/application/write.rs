//! What an application can be written with: v1's body.

use muster_directory::application::SAML;
use muster_http::ApiError;
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::{Config, SsoSummary};

/// An application as written; v1's PUT replaces. Members that cannot be written are passed over.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ApplicationWrite)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApplicationWrite {
    /// The template: `oidc` or `saml2`.
    #[schema(pattern = "^(oidc|saml2)$")]
    pub name: String,
    /// The kind's name for people.
    #[serde(default)]
    pub display_name: Option<String>,
    /// The name in the console and the portal.
    #[serde(default)]
    pub display_label: Option<String>,
    /// For people.
    #[serde(default)]
    pub description: Option<String>,
    /// Sign-ins only while active; not active when left out.
    #[serde(default)]
    pub active: Option<bool>,
    /// The settings of the template.
    #[serde(default)]
    #[expect(dead_code, reason = "accepted: JumpCloud's clients send it")]
    pub config: Option<Config>,
    /// How people sign in to it.
    #[serde(default)]
    pub sso: Option<SsoSummary>,
    /// Not for OpenID Connect. For SAML it is passed over: the address is Muster's (`ssoUrl` of what is answered).
    #[serde(default)]
    pub sso_url: Option<String>,
}

impl ApplicationWrite {
    /// What JumpCloud refuses too.
    ///
    /// # Errors
    /// 400 on `ssoUrl` and `sso.type`.
    pub(crate) fn check(&self) -> Result<(), ApiError> {
        if self.name != SAML && self.sso_url.as_deref().is_some_and(|u| !u.is_empty()) {
            return Err(ApiError::field("ssoUrl", "ssoUrl is not allowed for OIDC apps"));
        }
        let wanted = sign_on(&self.name);
        match self.sso.as_ref().and_then(|s| s.kind.as_deref()) {
            Some(kind) if kind != wanted => {
                Err(ApiError::field("sso.type", format!("an application of this kind has \"{wanted}\"")))
            }
            _ => Ok(()),
        }
    }

    /// Whether it is hidden from the portal.
    pub(crate) fn hidden(&self) -> bool {
        self.sso.as_ref().is_some_and(|s| s.hidden)
    }
}

/// The kind of sign-on of a template.
pub(super) fn sign_on(template: &str) -> &'static str {
    if template == SAML { "saml" } else { "oidc" }
}
