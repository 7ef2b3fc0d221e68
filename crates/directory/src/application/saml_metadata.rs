//! What a service provider is given about us, for one application: our addresses and the metadata document. Never here:
//! serving it.

use muster_base::Id;
use muster_saml::binding::Binding;
use muster_saml::metadata::{Endpoint, IdpDescription, write_idp};

use super::{Application, saml::Saml};
use crate::{Directory, Error, Result, saml_key};

/// Our addresses for one application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// What they all begin with.
    root: String,
}

impl Addresses {
    /// Those of an application; `issuer` is the organization's address (`{base}/o/{slug}`).
    #[must_use]
    pub fn new(issuer: &str, app: Id) -> Self {
        Self { root: format!("{issuer}/saml/{app}") }
    }

    /// Where requests are taken, and a sign-in begins without one.
    #[must_use]
    pub fn sso(&self) -> String {
        format!("{}/sso", self.root)
    }

    /// Where sign-outs are taken.
    #[must_use]
    pub fn logout(&self) -> String {
        format!("{}/slo", self.root)
    }

    /// The document.
    #[must_use]
    pub fn metadata(&self) -> String {
        format!("{}/metadata", self.root)
    }

    /// Our entity identifier: the one that was entered, else the address of the document.
    #[must_use]
    pub fn entity_id(&self, saml: &Saml) -> String {
        if saml.idp_entity_id.is_empty() { self.metadata() } else { saml.idp_entity_id.clone() }
    }
}

/// The document of an application.
///
/// # Errors
/// [`Error::Missing`] for an application without SAML; the database's.
pub async fn document(directory: &Directory, app: &Application, addresses: &Addresses) -> Result<String> {
    let saml = app.saml().ok_or(Error::Missing("application"))?;
    let keys = saml_key::published(directory, app.org, app.id, saml.signature_algorithm.kind()).await?;
    let certificates: Vec<_> = keys.iter().map(|key| &key.pair.certificate).collect();
    let both = |location: String| {
        [Binding::Redirect, Binding::Post].map(|binding| Endpoint {
            binding,
            location: location.clone(),
            response_location: None,
        })
    };
    let mut sso = both(addresses.sso()).to_vec();
    sso.retain(|endpoint| endpoint.binding == Binding::Post || saml.declare_redirect_endpoint);
    let description = IdpDescription {
        entity_id: &addresses.entity_id(&saml),
        certificates: &certificates,
        sso: &sso,
        logout: &both(addresses.logout()),
        name_id_formats: &[saml.format()],
        wants_requests_signed: saml.require_signed_requests,
        valid_until_s: None,
    };
    write_idp(&description).map_err(|error| Error::Internal(format!("writing metadata: {error}")))
}
