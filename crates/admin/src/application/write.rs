//! What an application can be written with: v1's body.

use std::collections::BTreeMap;

use muster_directory::application::saml::Saml;
use muster_directory::application::{SAML, SCIM};
use muster_directory::saml_key::Pair;
use muster_http::ApiError;
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::SsoSummary;
use super::saml_config::{self, Setting};

/// An application as written; v1's PUT replaces. Members that cannot be written are passed over.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ApplicationWrite)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApplicationWrite {
    /// The template: `oidc` or `saml2`.
    #[schema(pattern = "^(oidc|saml2|scim)$")]
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
    /// The settings of the template, of SAML; what is not named stays as it is.
    #[serde(default)]
    pub config: Option<BTreeMap<String, Setting>>,
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
            Some(kind) if Some(kind) != wanted => Err(ApiError::field(
                "sso.type",
                match wanted {
                    Some(wanted) => format!("an application of this kind has \"{wanted}\""),
                    None => "nobody signs in to an application of this kind: leave it out".to_owned(),
                },
            )),
            _ => Ok(()),
        }
    }

    /// The SAML settings that the config says, over those as they are; none where it says nothing.
    ///
    /// # Errors
    /// 400 on `config.{key}`.
    pub(super) fn saml(&self, before: &Saml) -> Result<SamlRead, ApiError> {
        match &self.config {
            Some(config) if self.name == SAML && !config.is_empty() => {
                let read = saml_config::read(config, before)?;
                Ok(SamlRead { saml: Some(read.saml), pair: read.pair })
            }
            _ => Ok(SamlRead { saml: None, pair: None }),
        }
    }

    /// Whether it is hidden from the portal.
    pub(crate) fn hidden(&self) -> bool {
        self.sso.as_ref().is_some_and(|s| s.hidden)
    }
}

/// What a written application says of SAML.
pub(super) struct SamlRead {
    /// The settings.
    pub saml: Option<Saml>,
    /// A key that is brought along.
    pub pair: Option<Pair>,
}

/// The kind of sign-on of a template.
pub(super) fn sign_on(template: &str) -> Option<&'static str> {
    match template {
        SAML => Some("saml"),
        // Nobody signs in to it.
        SCIM => None,
        _ => Some("oidc"),
    }
}
