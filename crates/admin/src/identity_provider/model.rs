//! An identity provider as the API shows it. The client secret is never shown.

use muster_base::{Id, Micros};
use muster_directory::identity_provider::{IdentityProvider, Jit, Kind, Match, Options, Saml};
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

/// What to register at a provider that speaks SAML.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = IdentityProviderServiceProvider)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServiceProviderOut {
    /// Our entity ID.
    pub entity_id: String,
    /// Where it has to post its answers.
    pub acs_url: String,
    /// Our metadata, with both and our certificate.
    pub metadata_url: String,
}

impl ServiceProviderOut {
    /// For a provider of this id.
    pub(super) fn new(site: &Site, organization: &Organization, id: Id) -> Self {
        let at = format!("{}/federation/{id}/saml", site.issuer(&organization.slug));
        let metadata_url = format!("{at}/metadata");
        Self { entity_id: metadata_url.clone(), acs_url: format!("{at}/acs"), metadata_url }
    }
}

/// A certificate that a provider's answers may be signed with.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = IdentityProviderCertificate)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CertificateOut {
    /// Whose it says to be.
    subject: String,
    not_before: Time,
    not_after: Time,
    /// SHA-256 of it, in hexadecimal digits: to compare with what the provider shows.
    fingerprint: String,
}

/// A provider that speaks SAML 2.0.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = IdentityProviderSaml)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SamlOut {
    #[serde(flatten)]
    settings: Saml,
    /// The certificates, read.
    certificate_details: Vec<CertificateOut>,
    service_provider: ServiceProviderOut,
}

impl SamlOut {
    fn new(site: &Site, organization: &Organization, idp: &IdentityProvider) -> Option<Self> {
        let settings = idp.doc.saml.clone()?;
        let micros = |seconds: i64| Time(Micros(seconds.saturating_mul(1_000_000)));
        let certificates = settings.certificate_facts().into_iter().map(|facts| CertificateOut {
            subject: facts.subject,
            not_before: micros(facts.not_before_s),
            not_after: micros(facts.not_after_s),
            fingerprint: facts.fingerprint,
        });
        let certificate_details = certificates.collect();
        Some(Self {
            certificate_details,
            service_provider: ServiceProviderOut::new(site, organization, idp.id),
            settings,
        })
    }
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
    /// Where it speaks SAML 2.0.
    #[serde(skip_serializing_if = "Option::is_none")]
    saml: Option<SamlOut>,
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
        let saml = SamlOut::new(site, organization, idp);
        let redirect_uri = match &saml {
            Some(saml) => saml.service_provider.acs_url.clone(),
            None => format!("{}{}", site.config().base(), idp.callback_path()),
        };
        let place = format!("{}/federation", site.issuer(&organization.slug));
        Self {
            id: idp.id.into(),
            name: idp.name.clone(),
            kind: idp.doc.kind,
            enabled: idp.enabled,
            oidc: OidcOut { client_id: idp.doc.client_id.clone(), client_secret: "", url: idp.doc.url.clone() },
            redirect_uri,
            saml,
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
