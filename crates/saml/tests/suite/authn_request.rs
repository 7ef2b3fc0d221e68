//! Authentication requests: ours written and read, foreign ones verified.

use super::*;
use muster_saml::Arrival;
use muster_saml::authn_request::{Comparison, OutgoingRequest, RequestedAuthnContext, read, write};
use muster_saml::binding::{Proof, Sender};
use muster_saml::signature::{SignatureAlgorithm, SignatureError};
use muster_saml::xml::node::ShapeError;

const SSO: &str = "https://idp.example.com/sso";

fn outgoing(context: Option<&RequestedAuthnContext>) -> OutgoingRequest<'_> {
    let header = Header { id: "_q1".into(), issue_instant_s: NOW_S, destination: Some(SSO.into()), issuer: SP.into() };
    OutgoingRequest {
        header,
        acs_url: ACS,
        force_authn: true,
        is_passive: false,
        name_id_format: Some(NameIdFormat::EmailAddress.uri()),
        authn_context: context,
    }
}

fn request(xml: &str) -> Received {
    Received::from_xml(MessageKind::Request, xml.as_bytes()).unwrap()
}

fn anybody() -> Sender<'static> {
    Sender { trust: Trust { keys: &[], allow_sha1: false }, require_signed: false }
}

#[test]
fn what_is_written_is_read_back() {
    let context = RequestedAuthnContext {
        comparison: Comparison::Minimum,
        class_refs: vec![class_ref::PASSWORD.into(), class_ref::MFA.into()],
    };
    for signer in [None, Some(RSA.signer())] {
        let xml = write(&outgoing(Some(&context)), signer.as_ref()).unwrap();
        let sender = Sender { trust: trust(), require_signed: signer.is_some() };
        let (read, proof) = read(&request(&xml), &sender).unwrap();
        assert_eq!(read.header, outgoing(None).header);
        assert_eq!(read.acs_url.as_deref(), Some(ACS));
        assert_eq!(read.protocol_binding.as_deref(), Some("urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"));
        assert!(read.force_authn && !read.is_passive);
        assert_eq!(read.name_id_format.as_deref(), Some(NameIdFormat::EmailAddress.uri()));
        assert_eq!(read.authn_context.as_ref(), Some(&context));
        let signed = Proof::Signed { key: 0, algorithm: SignatureAlgorithm::RsaSha256 };
        assert_eq!(proof, if signer.is_some() { signed } else { Proof::Unsigned });
    }
}

#[test]
fn foreign_signatures_with_prefix_lists_and_line_breaks_are_verified() {
    let keys = [Certificate::from_text(include_str!("fixtures/foreign.crt")).unwrap().key().clone()];
    let sender = Sender { trust: Trust { keys: &keys, allow_sha1: false }, require_signed: true };
    for xml in [include_str!("fixtures/sha256.xml"), include_str!("fixtures/sha512.xml")] {
        let (read, proof) = read(&request(xml), &sender).unwrap();
        assert_eq!(read.header.id, "_req1");
        assert!(matches!(proof, Proof::Signed { key: 0, .. }));
        // With the line ends of another system it is the same document.
        assert!(super::authn_request::read(&request(&xml.replace('\n', "\r\n")), &sender).is_ok());
        let changed = xml.replace("https://sp.example.com/acs", "https://evil.example/acs");
        let refusal = super::authn_request::read(&request(&changed), &sender).unwrap_err();
        assert_eq!(refusal, Refusal::Signature(SignatureError::Digest));
    }
}

#[test]
fn a_signature_that_is_there_must_be_right_as_soon_as_keys_are_known() {
    let xml = write(&outgoing(None), Some(&OTHER.signer())).unwrap();
    let lax = Sender { trust: trust(), require_signed: false };
    assert_eq!(read(&request(&xml), &lax).unwrap_err(), Refusal::Signature(SignatureError::Signature));
    // Without keys it proves nothing, and says so.
    assert_eq!(read(&request(&xml), &anybody()).unwrap().1, Proof::Unsigned);
    let strict = Sender { require_signed: true, ..anybody() };
    assert_eq!(read(&request(&xml), &strict).unwrap_err(), Refusal::Signature(SignatureError::NoKey));
    let unsigned = write(&outgoing(None), None).unwrap();
    let strict = Sender { trust: trust(), require_signed: true };
    assert_eq!(read(&request(&unsigned), &strict).unwrap_err(), Refusal::Unsigned);
}

#[test]
fn what_is_not_as_it_has_to_be_is_named() {
    let good = write(&outgoing(None), None).unwrap();
    let refusal = |from: &str, to: &str| {
        let xml = good.replace(from, to);
        assert_ne!(xml, good);
        read(&request(&xml), &anybody()).unwrap_err()
    };
    assert_eq!(refusal("Version=\"2.0\"", "Version=\"1.1\""), Refusal::Version);
    assert_eq!(refusal("ID=\"_q1\"", "ID=\"\""), Refusal::Shape(ShapeError::Attribute("ID")));
    assert_eq!(refusal("20:00:00Z", "late"), Refusal::Shape(ShapeError::Value("IssueInstant")));
    assert_eq!(refusal("ForceAuthn=\"true\"", "ForceAuthn=\"yes\""), Refusal::Shape(ShapeError::Value("ForceAuthn")));
    assert_eq!(refusal(">https://sp.example.com/metadata<", "><"), Refusal::Shape(ShapeError::Value("Issuer")));
    let wrong = refusal("samlp:AuthnRequest", "samlp:LogoutRequest");
    assert_eq!(wrong, Refusal::Message { expected: "AuthnRequest", found: "LogoutRequest".into() });
}

#[test]
fn destination_and_age_are_checked() {
    let header = outgoing(None).header;
    let arrival =
        Arrival { destinations: &["https://idp.example.com/slo", SSO], now_s: NOW_S, skew_s: 60, max_age_s: 300 };
    assert!(header.check(&arrival).is_ok());
    let elsewhere = Arrival { destinations: &["https://idp.example.com/slo"], ..arrival };
    assert!(matches!(header.check(&elsewhere).unwrap_err(), Refusal::Destination(_)));
    assert!(Header { destination: None, ..header.clone() }.check(&elsewhere).is_ok());
    assert!(header.check(&Arrival { now_s: NOW_S + 360, ..arrival }).is_ok());
    assert!(matches!(header.check(&Arrival { now_s: NOW_S + 361, ..arrival }).unwrap_err(), Refusal::Expired(_)));
    assert!(matches!(header.check(&Arrival { now_s: NOW_S - 61, ..arrival }).unwrap_err(), Refusal::NotYet(_)));
}

#[test]
fn scoping_and_extensions_are_ignored_safely() {
    let good = write(&outgoing(None), None).unwrap();
    let scoping = "<samlp:Scoping ProxyCount=\"-1\"><samlp:IDPList><samlp:IDPEntry ProviderID=\"https://evil.example\">\
                   </samlp:IDPEntry></samlp:IDPList></samlp:Scoping></samlp:AuthnRequest>";
    let xml = good.replace("</samlp:AuthnRequest>", scoping);
    let subject = "</saml:Issuer><saml:Subject xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">\
                   <saml:NameID>ana@example.com</saml:NameID></saml:Subject>";
    let xml = xml.replace("</saml:Issuer>", subject);
    let (with, _) = read(&request(&xml), &anybody()).unwrap();
    let (mut without, _) = read(&request(&good), &anybody()).unwrap();
    without.subject = Some("ana@example.com".into());
    assert_eq!(with, without);
}
