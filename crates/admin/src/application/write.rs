//! What an application can be written with: v1's body.

use muster_http::ApiError;
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::{Config, SsoSummary};

/// An application as written; v1's PUT replaces. Members that cannot be written are passed over.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ApplicationWrite)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApplicationWrite {
    /// The template: `oidc` or `saml`.
    #[schema(pattern = "^oidc$")]
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
    /// Not for OpenID Connect.
    #[serde(default)]
    #[schema(max_length = 0)]
    pub sso_url: Option<String>,
}

impl ApplicationWrite {
    /// What JumpCloud refuses too.
    ///
    /// # Errors
    /// 400 on `ssoUrl` and `sso.type`.
    pub(crate) fn check(&self) -> Result<(), ApiError> {
        if self.sso_url.as_deref().is_some_and(|u| !u.is_empty()) {
            return Err(ApiError::field("ssoUrl", "ssoUrl is not allowed for OIDC apps"));
        }
        match self.sso.as_ref().and_then(|s| s.kind.as_deref()) {
            None | Some("oidc" | "saml") => Ok(()),
            Some(_) => {
                let message = "this kind of sign-on is not available yet: use \"oidc\" or \"saml\"";
                Err(ApiError::field("sso.type", message))
            }
        }
    }

    /// Whether it is hidden from the portal.
    pub(crate) fn hidden(&self) -> bool {
        self.sso.as_ref().is_some_and(|s| s.hidden)
    }
}
