//! An application as the v1 API shows it.

use std::collections::BTreeMap;

use muster_directory::application::Application;
use muster_directory::application::saml_metadata::Addresses;
use muster_directory::provision::Doing;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::saml_config::{self, Setting};
use super::write::sign_on;
use crate::id::{ObjectId, Time};

/// How people sign in to it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = ApplicationSsoSummary)]
pub(crate) struct SsoSummary {
    /// `oidc` or `saml`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Not shown in the portal.
    #[serde(default)]
    pub hidden: bool,
}

/// The logo.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Logo {
    /// Its address; none without a logo.
    pub url: Option<String>,
}

/// How the sending of accounts to an application is doing.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = ApplicationIdentityManagement)]
pub(crate) struct IdentityManagement {
    /// In a word.
    pub state: Doing,
    /// How many people and groups wait for an administrator.
    pub held: i64,
    /// How many could not be sent.
    pub failing: i64,
}

/// An application.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Application)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApplicationOut {
    /// The id; also the OAuth `client_id`.
    #[serde(rename = "_id")]
    pub id: ObjectId,
    /// The template: `oidc` or `saml2`.
    pub name: String,
    /// The kind's name for people.
    pub display_name: String,
    /// The name in the console and the portal.
    pub display_label: String,
    /// For people.
    pub description: String,
    /// Sign-ins only while active.
    pub active: bool,
    /// The settings of the template by JumpCloud's names; an OpenID Connect application has none here, its settings are
    /// v2's `sso`.
    pub config: BTreeMap<String, Setting>,
    /// IDP URL, of SAML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sso_url: Option<String>,
    /// How people sign in to it.
    pub sso: SsoSummary,
    /// How the sending of accounts to it is doing; left out where that is not set up, and where one application is asked
    /// for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity_management: Option<IdentityManagement>,
    /// How many user groups are bound to it; left out where one application is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bound_user_groups: Option<i64>,
    /// The logo.
    pub logo: Logo,
    /// When it was made.
    pub created: Time,
    /// The organization's id.
    pub organization: ObjectId,
}

impl ApplicationOut {
    /// Shows an application of an organization; `issuer` is the organization's address.
    pub(crate) fn new(app: &Application, issuer: &str) -> Self {
        let saml = app.saml();
        Self {
            id: app.id.into(),
            name: app.name.clone(),
            display_name: app.doc.display_name.clone(),
            display_label: app.doc.display_label.clone(),
            description: app.doc.description.clone(),
            active: app.active,
            config: saml.as_ref().map(|saml| saml_config::show(saml, None)).unwrap_or_default(),
            sso_url: saml.map(|_| Addresses::new(issuer, app.id).sso()),
            sso: SsoSummary { kind: sign_on(&app.name).map(str::to_owned), hidden: app.doc.hidden },
            identity_management: None,
            bound_user_groups: None,
            logo: Logo { url: logo_url(app) },
            created: app.created_at.into(),
            organization: app.org.into(),
        }
    }
}

/// Where an application's logo is served.
pub(crate) fn logo_url(app: &Application) -> Option<String> {
    app.has_logo.then(|| format!("/logos/{}/{}", app.org, app.id))
}
