//! From an answer to a verified identity. What a signature of a stored certificate covers is believed, and nothing beside it.

use muster_base::limits;
use muster_directory::identity_provider::link::Identity;
use muster_directory::identity_provider::{IdentityProvider, Saml};
use muster_directory::session::Upstream;
use muster_saml::assertion::Addressee;
use muster_saml::binding::{MessageKind, Received};
use muster_saml::key::DecryptionKey;
use muster_saml::response::{Expected, read};
use muster_saml::signature::Trust;
use muster_saml::{Code, Refusal};

use super::{Place, claims};
use crate::context::{There, is_anew, upstream};
use crate::store::Pending;

/// What an answer is judged by.
pub struct Judge<'a> {
    /// The provider.
    pub idp: &'a IdentityProvider,
    /// What is entered about it.
    pub saml: &'a Saml,
    /// Our addresses for it.
    pub place: &'a Place,
    /// What was kept when the person was sent away.
    pub pending: &'a Pending,
    /// Opens what is encrypted to us.
    pub decryption: &'a DecryptionKey,
    /// Now, in seconds since 1970.
    pub now_s: i64,
}

/// Why nobody comes in.
#[derive(Debug)]
pub enum Problem {
    /// The provider says that it did not sign the person in.
    Refused(String),
    /// What it says does not hold.
    NotBelieved(String),
}

/// The name of the request that was sent with a departure.
pub fn request_id(pending: &Pending) -> String {
    // A letter or `_` has to come first (XML's `NCName`).
    format!("_{}", pending.proofs.nonce.expose())
}

impl Judge<'_> {
    /// The identity that the answer vouches for.
    ///
    /// # Errors
    /// Why it vouches for none.
    pub fn identity(&self, xml: &str) -> Result<(Identity, Upstream), Problem> {
        let not_believed = |why: &dyn std::fmt::Display| Problem::NotBelieved(why.to_string());
        let received = Received::from_xml(MessageKind::Response, xml.as_bytes()).map_err(|e| not_believed(&e))?;
        let (keys, id) = (self.saml.keys(), request_id(self.pending));
        let expected = Expected {
            addressee: Addressee {
                issuer: &self.saml.entity_id,
                audience: &self.place.entity_id,
                recipient: &self.place.acs_url,
                in_response_to: Some(&id),
                now_s: self.now_s,
                skew_s: limits::CLOCK_SKEW_S,
            },
            trust: Trust { keys: &keys, allow_sha1: false },
            decryption: Some(self.decryption),
            allow_cbc: self.saml.allow_cbc,
        };
        let response = read(&received, &expected).map_err(|refusal| match &refusal {
            Refusal::Status(status) if status.code != Code::Success => Problem::Refused(refusal.to_string()),
            _ => not_believed(&refusal),
        })?;
        if self.saml.require_encrypted_assertion && !response.was_encrypted {
            return Err(not_believed(&"the assertion is not encrypted, which is required of this provider"));
        }
        let signed_in = &response.signed_in;
        let age = self.pending.age;
        is_anew(age, signed_in.authn_instant_s).map_err(|why| not_believed(&why))?;
        if let (Some(max_s), Some(at_s)) = (age.max_s, signed_in.authn_instant_s)
            && at_s.saturating_add(i64::from(max_s)).saturating_add(limits::CLOCK_SKEW_S) < self.now_s
        {
            let old_s = self.now_s - at_s;
            return Err(not_believed(&format!(
                "the sign-in there is {old_s} seconds old, and at most {max_s} were asked for"
            )));
        }
        let there = There {
            sid: signed_in.session_index.as_deref(),
            acr: signed_in.class_ref.as_deref(),
            amr: &[],
            at_s: signed_in.authn_instant_s,
        };
        let identity = claims::identity(self.idp, self.saml, signed_in).map_err(|why| not_believed(&why))?;
        Ok((identity, upstream(self.idp, age, there)))
    }
}
