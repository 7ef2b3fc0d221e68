//! An application. Pure.

use muster_base::{Id, Micros, limits};
use serde::{Deserialize, Serialize};

use super::Oidc;
use crate::FieldError;

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
}

/// An application.
#[derive(Clone, Debug)]
pub struct Application {
    /// The organization.
    pub org: Id,
    /// The id; also the OAuth `client_id`.
    pub id: Id,
    /// The template: `oidc`.
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

    /// What is wrong with it.
    #[must_use]
    pub fn problems(&self) -> Vec<FieldError> {
        let mut out = Vec::new();
        if self.name != "oidc" {
            out.push(FieldError::new("name", "this kind of application is not available yet: use \"oidc\""));
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
        out
    }
}
