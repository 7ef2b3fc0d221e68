//! An identity provider as the API shows it. The client secret is never shown.

use muster_directory::identity_provider::{IdentityProvider, Jit, Kind, Match, Options};
use muster_directory::organization::Organization;
use muster_http::Site;
use muster_http::probe::{Check, CheckState};
use serde::Serialize;
use utoipa::ToSchema;

use crate::id::{ObjectId, Time};

/// What the provider knows Muster as.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = IdentityProviderOidc)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OidcOut {
    client_id: String,
    /// Always empty: it is written, never read.
    #[schema(max_length = 0)]
    client_secret: &'static str,
    /// The issuer's address.
    url: String,
}

/// How the last check or use went.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = IdentityProviderCheck)]
pub(crate) struct CheckOut {
    state: CheckState,
    at: Option<Time>,
    /// What is wrong, in words.
    message: String,
}

impl From<Check> for CheckOut {
    fn from(check: Check) -> Self {
        Self { state: check.state, at: check.at.map(Time), message: check.message }
    }
}

/// An identity provider.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = IdentityProvider)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IdentityProviderOut {
    pub id: ObjectId,
    pub name: String,
    #[serde(rename = "type")]
    kind: Kind,
    /// A disabled provider routes nobody and admits nobody.
    enabled: bool,
    oidc: OidcOut,
    /// The redirect URI to register there.
    redirect_uri: String,
    /// How the first sign-in finds the person.
    #[serde(rename = "match")]
    matching: Match,
    /// Making people at their first sign-in.
    jit: Jit,
    /// What else is agreed with it.
    options: Options,
    /// Where the provider tells, server to server, that a session there ended: to be registered there.
    backchannel_logout_uri: String,
    /// The same in the person's browser.
    frontchannel_logout_uri: String,
    /// Our public keys: for assertions, and to encrypt ID tokens to.
    jwks_uri: String,
    check: CheckOut,
    /// How many people the routing policies send there.
    routed_users: usize,
}

impl IdentityProviderOut {
    /// Shows a provider.
    pub(crate) fn new(site: &Site, organization: &Organization, idp: &IdentityProvider, routed_users: usize) -> Self {
        let place = format!("{}/federation", site.issuer(&organization.slug));
        Self {
            id: idp.id.into(),
            name: idp.name.clone(),
            kind: idp.doc.kind,
            enabled: idp.enabled,
            oidc: OidcOut { client_id: idp.doc.client_id.clone(), client_secret: "", url: idp.doc.url.clone() },
            redirect_uri: format!("{}{}", site.config().base(), idp.callback_path()),
            matching: idp.doc.matching.clone(),
            jit: idp.doc.jit.clone(),
            options: idp.doc.options.clone(),
            backchannel_logout_uri: format!("{place}/{}/backchannel-logout", idp.id),
            frontchannel_logout_uri: format!("{place}/{}/frontchannel-logout", idp.id),
            jwks_uri: format!("{place}/jwks.json"),
            check: site.probe().last(idp.org, idp.id).into(),
            routed_users,
        }
    }
}
