//! The tests of `muster-saml`: one binary, a file per source file or class of attack.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod attack;
mod authn_request;
mod binding;
mod canonical;
mod deflate;
mod encryption;
mod instant;
mod key;
mod logout;
mod metadata;
mod mutation;
mod parse;
mod response;
mod signature;
mod write;

use muster_saml::assertion::{Addressee, Attribute, NameFormat, OutgoingAssertion, class_ref};
use muster_saml::binding::{MessageKind, Received};
use muster_saml::key::{Certificate, KeyKind, PublicKey, SelfSigned, SigningKey, self_signed};
use muster_saml::response::{Encrypt, Expected, IncomingResponse, OutgoingResponse, Security, read, write};
use muster_saml::signature::{Signer, Trust};
use muster_saml::{Header, NameId, NameIdFormat, Refusal, Status};
use std::sync::LazyLock;

/// 2026-11-21T20:00:00Z.
const NOW_S: i64 = 1_795_291_200;
const IDP: &str = "https://idp.example.com/saml";
const SP: &str = "https://sp.example.com/metadata";
const ACS: &str = "https://sp.example.com/acs";

/// Somebody who signs.
struct Party {
    key: SigningKey,
    certificate: Certificate,
}

impl Party {
    fn new(kind: KeyKind) -> Self {
        let key = SigningKey::generate(kind).unwrap();
        let content = SelfSigned {
            common_name: "Muster <test> & Söhne",
            not_before_s: NOW_S,
            not_after_s: NOW_S + 86_400 * 365,
            serial: [0xA5; 16],
        };
        let certificate = self_signed(&key, &content).unwrap();
        Self { key, certificate }
    }

    fn signer(&self) -> Signer<'_> {
        Signer { key: &self.key, algorithm: self.key.usual_algorithm(), certificate: &self.certificate }
    }

    fn public(&self) -> PublicKey {
        self.certificate.key().clone()
    }
}

static RSA: LazyLock<Party> = LazyLock::new(|| Party::new(KeyKind::Rsa));
static OTHER: LazyLock<Party> = LazyLock::new(|| Party::new(KeyKind::Rsa));
static P256: LazyLock<Party> = LazyLock::new(|| Party::new(KeyKind::P256));
static P384: LazyLock<Party> = LazyLock::new(|| Party::new(KeyKind::P384));
static KEYS: LazyLock<[PublicKey; 1]> = LazyLock::new(|| [RSA.public()]);

fn trust() -> Trust<'static> {
    Trust { keys: &*KEYS, allow_sha1: false }
}

fn header() -> Header {
    Header { id: "_r1".into(), issue_instant_s: NOW_S, destination: Some(ACS.into()), issuer: IDP.into() }
}

fn attributes() -> Vec<Attribute> {
    vec![
        Attribute {
            name: "username".into(),
            name_format: NameFormat::Unspecified,
            friendly_name: None,
            values: vec!["zoë & co@example.com".into()],
        },
        Attribute {
            name: "urn:oid:2.5.4.42".into(),
            name_format: NameFormat::Uri,
            friendly_name: Some("givenName".into()),
            values: vec!["<b>\"Zoë\"</b>\t\r\n😀".into(), "'second'".into()],
        },
    ]
}

fn assertion(attributes: &[Attribute]) -> OutgoingAssertion<'_> {
    OutgoingAssertion {
        id: "_a1",
        name_id: NameId::new("zoe@example.com", NameIdFormat::EmailAddress),
        audience: SP,
        recipient: ACS,
        not_before_s: NOW_S - 60,
        not_on_or_after_s: NOW_S + 300,
        authn_instant_s: NOW_S - 30,
        session_index: "_s1",
        session_not_on_or_after_s: Some(NOW_S + 3600),
        class_ref: class_ref::PASSWORD_PROTECTED_TRANSPORT,
        attributes,
    }
}

/// A good response, with the parts signed as chosen.
fn response_by(party: &Party, sign_assertion: bool, sign_response: bool, encrypt: Option<Encrypt<'_>>) -> String {
    let attributes = attributes();
    let response = OutgoingResponse {
        header: header(),
        in_response_to: Some("_q1"),
        status: Status::success(),
        assertion: Some(assertion(&attributes)),
    };
    write(&response, &Security { signer: &party.signer(), sign_assertion, sign_response, encrypt }).unwrap()
}

fn response(sign_assertion: bool, sign_response: bool) -> String {
    response_by(&RSA, sign_assertion, sign_response, None)
}

fn expected() -> Expected<'static> {
    let addressee =
        Addressee { issuer: IDP, audience: SP, recipient: ACS, in_response_to: Some("_q1"), now_s: NOW_S, skew_s: 60 };
    Expected { addressee, trust: trust(), decryption: None, allow_cbc: false }
}

fn received(xml: &str) -> Received {
    Received::from_xml(MessageKind::Response, xml.as_bytes()).unwrap()
}

fn accept(xml: &str) -> Result<IncomingResponse, Refusal> {
    read(&Received::from_xml(MessageKind::Response, xml.as_bytes())?, &expected())
}

/// The text between two marks, the marks included.
fn cut<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let start = text.find(from).unwrap();
    let end = start + text[start..].find(to).unwrap() + to.len();
    &text[start..end]
}
