//! Answers to a service provider: signed, perhaps encrypted, on a form that the browser posts.

use std::sync::Arc;

use axum::response::Response;
use muster_base::Rng;
use muster_directory::Error;
use muster_directory::organization::Organization;
use muster_directory::saml_key::{self, Pair};
use muster_directory::saml_message::Part;
use muster_http::page::Brand;
use muster_http::page::form_post::form_post;
use muster_saml::assertion::OutgoingAssertion;
use muster_saml::binding::{Binding, MessageKind, PostForm, post};
use muster_saml::encryption::{EncryptionRandom, KeyTransport};
use muster_saml::key::{KeyKind, PublicKey};
use muster_saml::response::{Encrypt, OutgoingResponse, Security, write, write_unsigned};
use muster_saml::signature::Signer;
use muster_saml::{Header, Status};

use crate::visit::Visit;
use muster_http::stop::Stop;

/// Where an answer goes and what it answers.
pub struct To<'a> {
    /// The assertion consumer service, one that is registered.
    pub acs_url: &'a str,
    /// The request that is answered.
    pub in_response_to: Option<&'a str>,
    /// What is handed back.
    pub relay_state: Option<&'a str>,
}

/// The key that signs for this application.
pub async fn signing(visit: &Visit) -> muster_directory::Result<Arc<Pair>> {
    let kind = visit.saml.signature_algorithm.kind();
    saml_key::signing(visit.site.directory(), visit.organization.id, visit.app.id, kind).await
}

/// The signer that a key makes for this application.
pub fn signer<'a>(visit: &Visit, pair: &'a Pair) -> Signer<'a> {
    Signer { key: &pair.key, algorithm: visit.saml.signature_algorithm.algorithm(), certificate: &pair.certificate }
}

/// An answer on its way: the page that posts it, and how it reads.
pub struct Sent {
    pub page: Response,
    pub part: Part,
}

/// Writes the response and the page that posts it.
pub async fn send(
    visit: &Visit,
    to: &To<'_>,
    status: Status,
    assertion: Option<OutgoingAssertion<'_>>,
) -> Result<Sent, Stop> {
    let header = Header {
        id: visit.fresh_id(),
        issue_instant_s: visit.now().seconds(),
        destination: Some(to.acs_url.to_owned()),
        issuer: visit.entity_id(),
    };
    let pair = signing(visit).await?;
    let random = random(&visit.site.directory().env().rng);
    let recipient = recipient(visit);
    let encrypt = match (visit.saml.encryption, &recipient) {
        (Some(how), Some(key)) => {
            Some(Encrypt { to: key, cipher: how.cipher(), transport: KeyTransport::OaepSha1, random: &random })
        }
        // Never in the clear where encryption was chosen.
        (Some(_), None) => return Err(Error::Internal("no certificate to encrypt to".into()).into()),
        (None, _) => None,
    };
    let response = OutgoingResponse { header, in_response_to: to.in_response_to, status, assertion };
    let security = Security {
        signer: &signer(visit, &pair),
        sign_assertion: visit.saml.sign_assertion,
        sign_response: visit.saml.sign_response,
        encrypt,
    };
    let xml = write(&response, &security).map_err(|error| visit.refused(&error))?;
    let form = post(to.acs_url, MessageKind::Response, &xml, to.relay_state);
    // Its signatures are taken out before it is kept (`saml_message`); what is encrypted is written once more.
    let shown = match security.encrypt {
        Some(_) => write_unsigned(&response).map_err(|error| visit.refused(&error))?,
        None => xml,
    };
    let note = if response.assertion.is_some() { visit.saml.protection() } else { "response signed".to_owned() };
    let part = Part::sent(MessageKind::Response, Binding::Post, to.acs_url, to.relay_state, shown, note);
    Ok(Sent { page: posting(&visit.organization, visit.app.label(), &form), part })
}

/// The page with a form that posts itself to an application of this label.
pub fn posting(organization: &Organization, label: &str, form: &PostForm) -> Response {
    form_post(&Brand::of(organization), label, &form.action, &form.fields)
}

fn recipient(visit: &Visit) -> Option<PublicKey> {
    visit.sp_keys.iter().find(|key| key.kind() == KeyKind::Rsa).cloned()
}

fn random(rng: &Rng) -> EncryptionRandom {
    EncryptionRandom { key: rng.bytes(), iv: rng.bytes() }
}
