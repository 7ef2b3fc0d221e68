//! The request with which a person is sent to a provider.

use axum::response::{IntoResponse, Redirect, Response};
use muster_base::Secret;
use muster_directory::identity_provider::{IdentityProvider, Saml, SsoBinding};
use muster_directory::organization::Organization;
use muster_directory::{Error, Result};
use muster_http::Site;
use muster_http::page::Brand;
use muster_http::page::form_post::form_post;
use muster_saml::Header;
use muster_saml::authn_request::{OutgoingRequest, write};
use muster_saml::binding::{MessageKind, post, redirect};
use muster_saml::signature::{SignatureAlgorithm, Signer};

use super::{Place, key};

/// What a request is made of.
pub struct Departure<'a> {
    /// The site.
    pub site: &'a Site,
    /// The organization.
    pub organization: &'a Organization,
    /// The provider.
    pub idp: &'a IdentityProvider,
    /// What is entered about it.
    pub saml: &'a Saml,
    /// Comes back with the answer, and finds what waits.
    pub state: &'a Secret,
    /// The request's name, which the answer has to repeat.
    pub id: String,
    /// Whether the person has to sign in anew there.
    pub force_authn: bool,
}

impl Departure<'_> {
    /// The page or address that leads there.
    ///
    /// # Errors
    /// The database's, where our key is read.
    pub async fn response(&self) -> Result<Response> {
        let saml = self.saml;
        let failed = |e: &dyn std::fmt::Display| Error::Internal(format!("SAML request: {e}"));
        let pair = match saml.sign_requests {
            true => Some(key::pair(self.site.directory(), self.organization.id).await?),
            false => None,
        };
        let signer = pair.as_ref().map(|pair| Signer {
            key: &pair.signing,
            algorithm: SignatureAlgorithm::RsaSha256,
            certificate: &pair.certificate,
        });
        let place = Place::of(self.site, &self.organization.slug, self.idp.id);
        let request = OutgoingRequest {
            header: Header {
                id: self.id.clone(),
                issue_instant_s: self.site.directory().env().clock.now().seconds(),
                destination: Some(saml.sso_url.clone()),
                issuer: place.entity_id,
            },
            acs_url: &place.acs_url,
            force_authn: self.force_authn,
            is_passive: false,
            name_id_format: Some(saml.name_id_format.as_str()).filter(|format| !format.is_empty()),
            authn_context: None,
        };
        let state = Some(self.state.expose());
        match saml.sso_binding {
            // On this binding the address is signed, not the XML (SAML bindings section 3.4.4.1).
            SsoBinding::Redirect => {
                let xml = write(&request, None).map_err(|e| failed(&e))?;
                let address = redirect(&saml.sso_url, MessageKind::Request, &xml, state, signer.as_ref());
                Ok(Redirect::to(&address.map_err(|e| failed(&e))?).into_response())
            }
            SsoBinding::Post => {
                let xml = write(&request, signer.as_ref()).map_err(|e| failed(&e))?;
                let form = post(&saml.sso_url, MessageKind::Request, &xml, state);
                Ok(form_post(&Brand::of(self.organization), &self.idp.name, &form.action, &form.fields))
            }
        }
    }
}
