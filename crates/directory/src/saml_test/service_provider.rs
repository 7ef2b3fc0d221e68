//! The service provider of tests: it believes what the application's metadata says, and nothing else. Pure, but for its key.

use muster_base::Id;
use muster_saml::assertion::Addressee;
use muster_saml::binding::{MessageKind, Received};
use muster_saml::key::{DecryptionKey, PublicKey};
use muster_saml::response::{Expected, IncomingResponse, read};
use muster_saml::signature::Trust;
use muster_saml::{NameId, Refusal};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::trace::{Step, Trace};

/// One attribute that arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SamlTestClaim)]
pub struct Claim {
    /// Its name.
    name: String,
    /// Its values.
    values: Vec<String>,
}

/// What arrived at the test's service provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SamlTestClaims)]
#[serde(rename_all = "camelCase")]
pub struct Claims {
    /// The `NameID`. A persistent or transient one is made for the test alone.
    name_id: String,
    /// The identifier of its format.
    name_id_format: String,
    /// How the person signed in: as if by password.
    class: Option<String>,
    /// The attributes.
    attributes: Vec<Claim>,
}

/// A service provider that is there for one answer.
pub(super) struct ServiceProvider {
    /// Its entity identifier, which nothing else has.
    pub(super) entity_id: String,
    /// Where it would take answers: an address that leads nowhere (RFC 6761, `.invalid`).
    pub(super) acs_url: String,
    /// Opens what is encrypted to it.
    pub(super) key: Option<DecryptionKey>,
}

/// What it holds an answer against.
pub(super) struct Known<'a> {
    /// The entity identifier in the metadata.
    pub(super) issuer: &'a str,
    /// The keys in the metadata.
    pub(super) keys: &'a [PublicKey],
    /// The request that it sent.
    pub(super) in_response_to: Option<&'a str>,
    /// Now, in seconds since 1970.
    pub(super) now_s: i64,
    /// Whether the application is set up for a cipher without authentication.
    pub(super) allow_cbc: bool,
    /// Whether it is set up to be answered with SHA-1.
    pub(super) allow_sha1: bool,
}

impl ServiceProvider {
    pub(super) fn new(id: Id, key: Option<DecryptionKey>) -> Self {
        Self {
            entity_id: format!("urn:muster:test-service-provider:{id}"),
            acs_url: format!("https://test-service-provider.invalid/{id}/acs"),
            key,
        }
    }

    /// Takes an answer, each check a step of the trace.
    pub(super) fn take(&self, xml: &str, known: &Known<'_>, trace: &mut Trace) -> Option<Claims> {
        let expected = Expected {
            addressee: Addressee {
                issuer: known.issuer,
                audience: &self.entity_id,
                recipient: &self.acs_url,
                in_response_to: known.in_response_to,
                now_s: known.now_s,
                skew_s: 0,
            },
            trust: Trust { keys: known.keys, allow_sha1: known.allow_sha1 },
            decryption: self.key.as_ref(),
            allow_cbc: known.allow_cbc,
        };
        let received = Received::from_xml(MessageKind::Response, xml.as_bytes());
        match received.and_then(|received| read(&received, &expected)) {
            Ok(response) => {
                trace.extend(passed(&response, self, known));
                Some(Claims::of(response))
            }
            Err(refusal) => {
                trace.push(Step::new(refused(&refusal), refusal.to_string(), false));
                None
            }
        }
    }
}

impl Claims {
    fn of(response: IncomingResponse) -> Self {
        let NameId { value, format, .. } = response.signed_in.name_id;
        let attributes = response.signed_in.attributes.into_iter();
        Self {
            name_id: value,
            name_id_format: format.unwrap_or_default(),
            class: response.signed_in.class_ref,
            attributes: attributes.map(|one| Claim { name: one.name, values: one.values }).collect(),
        }
    }
}

const SIGNATURE: &str = "Test SP: signed with a certificate of the metadata";
const ISSUER: &str = "Test SP: the Issuer is the IdP Entity ID";
const ADDRESSEE: &str = "Test SP: Destination and Recipient are its ACS URL";
const AUDIENCE: &str = "Test SP: the Audience is its entity ID";
const REQUEST: &str = "Test SP: InResponseTo is its request";
const TIMES: &str = "Test SP: the times are right now";
const ENCRYPTION: &str = "Test SP: the assertion is encrypted to it and can be opened";

fn passed(response: &IncomingResponse, sp: &ServiceProvider, known: &Known<'_>) -> Trace {
    let none = || "none: the sign-in began here".to_owned();
    let mut steps = vec![
        Step::new(SIGNATURE, format!("certificate {}", response.key + 1), true),
        Step::new(ISSUER, known.issuer, true),
        Step::new(ADDRESSEE, sp.acs_url.clone(), true),
        Step::new(AUDIENCE, sp.entity_id.clone(), true),
        Step::new(REQUEST, known.in_response_to.map_or_else(none, str::to_owned), true),
        Step::new(TIMES, "without any skew", true),
    ];
    if response.was_encrypted {
        steps.insert(1, Step::new(ENCRYPTION, "with a key made for this test", true));
    }
    steps
}

/// The check that a refusal comes from.
fn refused(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Issuer(_) => ISSUER,
        Refusal::Destination(_) | Refusal::Confirmation(_) => ADDRESSEE,
        Refusal::Audience => AUDIENCE,
        Refusal::InResponseTo => REQUEST,
        Refusal::Expired(_) | Refusal::NotYet(_) => TIMES,
        Refusal::Decryption => ENCRYPTION,
        _ => SIGNATURE,
    }
}

#[cfg(test)]
mod tests {
    use muster_base::Id;
    use muster_saml::assertion::{OutgoingAssertion, class_ref};
    use muster_saml::key::{KeyKind, SelfSigned, SigningKey, self_signed};
    use muster_saml::response::{OutgoingResponse, Security, write};
    use muster_saml::signature::Signer;
    use muster_saml::{Header, NameIdFormat, Status};

    use super::*;

    const NOW_S: i64 = 1_800_000_000;

    struct Sent {
        audience: Option<&'static str>,
        recipient: Option<&'static str>,
        request: Option<&'static str>,
        until_s: i64,
        foreign_key: bool,
    }

    /// The outcome of the check that failed, and whether claims came out.
    fn judged(sent: &Sent) -> (Option<String>, bool) {
        let key = |serial| {
            let key = SigningKey::generate(KeyKind::P256).unwrap();
            let content = SelfSigned { common_name: "x", not_before_s: 0, not_after_s: 4_000_000_000, serial };
            let certificate = self_signed(&key, &content).unwrap();
            (key, certificate)
        };
        let (ours, foreign) = (key([1; 16]), key([2; 16]));
        let sp = ServiceProvider::new("0123456789abcdef01234567".parse::<Id>().unwrap(), None);
        let with = if sent.foreign_key { &foreign } else { &ours };
        let signer = Signer { key: &with.0, algorithm: with.0.usual_algorithm(), certificate: &with.1 };
        let assertion = OutgoingAssertion {
            id: "_a",
            name_id: NameId::new("ana", NameIdFormat::Unspecified),
            audience: sent.audience.unwrap_or(&sp.entity_id),
            recipient: sent.recipient.unwrap_or(&sp.acs_url),
            not_before_s: NOW_S,
            not_on_or_after_s: sent.until_s,
            authn_instant_s: NOW_S,
            session_index: "s",
            session_not_on_or_after_s: None,
            class_ref: class_ref::PASSWORD,
            attributes: &[],
        };
        let destination = Some(sent.recipient.unwrap_or(&sp.acs_url).to_owned());
        let header = Header { id: "_r".into(), issue_instant_s: NOW_S, destination, issuer: "idp".into() };
        let (in_response_to, assertion) = (sent.request, Some(assertion));
        let response = OutgoingResponse { header, in_response_to, status: Status::success(), assertion };
        let security = Security { signer: &signer, sign_assertion: true, sign_response: false, encrypt: None };
        let xml = write(&response, &security).unwrap();
        let keys = [ours.1.key().clone()];
        let known = Known {
            issuer: "idp",
            keys: &keys,
            in_response_to: Some("_q"),
            now_s: NOW_S,
            allow_cbc: false,
            allow_sha1: false,
        };
        let mut trace = Trace::new();
        let claims = sp.take(&xml, &known, &mut trace);
        (trace.into_iter().find(|step| !step.passed).map(|step| step.step), claims.is_some())
    }

    #[test]
    fn only_what_is_meant_for_it_is_taken() {
        let good =
            || Sent { audience: None, recipient: None, request: Some("_q"), until_s: NOW_S + 1, foreign_key: false };
        assert_eq!(judged(&good()), (None, true));
        for (sent, check) in [
            (Sent { audience: Some("urn:sp"), ..good() }, AUDIENCE),
            (Sent { recipient: Some("https://sp.example/acs"), ..good() }, ADDRESSEE),
            (Sent { request: Some("_another"), ..good() }, REQUEST),
            (Sent { request: None, ..good() }, REQUEST),
            (Sent { until_s: NOW_S, ..good() }, TIMES),
            (Sent { foreign_key: true, ..good() }, SIGNATURE),
        ] {
            assert_eq!(judged(&sent), (Some(check.to_owned()), false));
        }
    }
}
