//! An application. Pure.

use muster_base::{Id, Micros, limits};
use serde::{Deserialize, Serialize};

use super::Oidc;
use super::saml::Saml;
use crate::FieldError;

/// The template of applications that sign in by OpenID Connect.
pub const OIDC: &str = "oidc";
/// The template of applications that sign in by SAML.
pub const SAML: &str = "saml2";
/// The template of applications without single sign-on, which accounts are sent to.
pub const SCIM: &str = "scim";

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
    /// The template: [`OIDC`], [`SAML`] or [`SCIM`].
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

impl Application {
    /// The name for people.
    #[must_use]
    pub fn label(&self) -> &str {
        if self.doc.display_label.is_empty() { &self.doc.display_name } else { &self.doc.display_label }
    }

    /// The SAML side; as it is at first where nothing was entered yet, `None` where there is none.
    #[must_use]
    pub fn saml(&self) -> Option<Saml> {
        (self.name == SAML).then(|| self.doc.saml.clone().unwrap_or_default())
    }

    /// What is wrong with it.
    #[must_use]
    pub fn problems(&self) -> Vec<FieldError> {
        let mut out = Vec::new();
        if !matches!(self.name.as_str(), OIDC | SAML | SCIM) {
            let message = "this kind of application is not available yet: use \"oidc\", \"saml2\" or \"scim\"";
            out.push(FieldError::new("name", message));
        }
        if self.doc.saml.is_some() && self.name != SAML {
            out.push(FieldError::new("saml", "this application does not sign in by SAML: make a Custom SAML App"));
        }
        if self.doc.oidc.is_some() && self.name != OIDC {
            out.push(FieldError::new(
                "type",
                "this application does not sign in by OpenID Connect: make a Custom OIDC App",
            ));
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
