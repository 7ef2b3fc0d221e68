//! Attacks, one test per class of the security cases. Each has its true twin beside it.

use super::*;
use muster_saml::signature::SignatureError;
use muster_saml::xml::ParseError;
use muster_saml::xml::canonical::CanonicalError;
use muster_saml::xml::node::ShapeError;

const SIGNATURE: (&str, &str) = ("<ds:Signature ", "</ds:Signature>");
const ASSERTION: (&str, &str) = ("<saml:Assertion ", "</saml:Assertion>");
/// Which parts are signed: assertion, response.
const STYLES: [(bool, bool); 3] = [(true, false), (false, true), (true, true)];

/// A good response taken apart.
struct Parts {
    whole: String,
    assertion: String,
    /// The assertion without its signature, for another person, under another identifier.
    evil: String,
}

fn parts(style: (bool, bool)) -> Parts {
    let whole = response(style.0, style.1);
    let assertion = cut(&whole, ASSERTION.0, ASSERTION.1).to_owned();
    let evil =
        unsigned(&assertion).replace("\"_a1\"", "\"_evil\"").replace(">zoe@example.com<", ">admin@evil.example<");
    Parts { whole, assertion, evil }
}

/// An element without its first signature, if it has one.
fn unsigned(element: &str) -> String {
    if !element.contains(SIGNATURE.0) {
        return element.to_owned();
    }
    element.replacen(cut(element, SIGNATURE.0, SIGNATURE.1), "", 1)
}

fn signature_of(element: &str) -> String {
    cut(element, SIGNATURE.0, SIGNATURE.1).to_owned()
}

/// Puts something behind the first `Issuer` of an element, where a signature stands.
fn behind_issuer(element: &str, what: &str) -> String {
    element.replacen("</saml:Issuer>", &format!("</saml:Issuer>{what}"), 1)
}

fn is_refused(xml: &str, name: &str) {
    // The text has to be well-formed, or the test would show nothing.
    assert!(received(xml).claimed_name().is_ok(), "{name} is not XML: {xml}");
    if let Ok(accepted) = accept(xml) {
        panic!("{name} was accepted for {:?}", accepted.signed_in.name_id);
    }
}

/// Each variant on each style of signing; where a style has no such signature the variant moves what there is.
fn on_every_style(name: &str, wrap: impl Fn(&Parts, &str) -> String) {
    for style in STYLES {
        let parts = parts(style);
        assert_eq!(accept(&parts.whole).unwrap().signed_in.name_id.value, "zoe@example.com");
        let signed = if style.0 { &parts.assertion } else { &parts.whole };
        is_refused(&wrap(&parts, &signature_of(signed)), &format!("{name} {style:?}"));
    }
}

/// The response for another person, under another identifier, without signatures.
fn evil_response(parts: &Parts) -> String {
    let shell = parts.whole.replace(&parts.assertion, &parts.evil).replace("\"_r1\"", "\"_evil_r\"");
    unsigned(&shell)
}

#[test]
fn xml_signature_wrapping_1_the_signed_response_in_its_own_signature() {
    on_every_style("XSW1", |parts, signature| {
        let original = unsigned(&parts.whole);
        let wrapped = signature.replace("</ds:Signature>", &format!("{original}</ds:Signature>"));
        behind_issuer(&evil_response(parts), &wrapped)
    });
}

#[test]
fn xml_signature_wrapping_2_the_signed_response_before_the_signature() {
    on_every_style("XSW2", |parts, signature| {
        behind_issuer(&evil_response(parts), &format!("{}{signature}", unsigned(&parts.whole)))
    });
}

#[test]
fn xml_signature_wrapping_3_an_assertion_beside_the_signed_one() {
    on_every_style("XSW3", |parts, _| {
        parts.whole.replace(&parts.assertion, &format!("{}{}", parts.evil, parts.assertion))
    });
    on_every_style("XSW3 behind", |parts, _| {
        parts.whole.replace(&parts.assertion, &format!("{}{}", parts.assertion, parts.evil))
    });
}

#[test]
fn xml_signature_wrapping_4_an_assertion_around_the_signed_one() {
    on_every_style("XSW4", |parts, _| {
        let around = parts.evil.replace(ASSERTION.1, &format!("{}{}", parts.assertion, ASSERTION.1));
        parts.whole.replace(&parts.assertion, &around)
    });
}

#[test]
fn xml_signature_wrapping_5_the_signature_moved_to_another_assertion() {
    on_every_style("XSW5", |parts, signature| {
        let evil = behind_issuer(&parts.evil, signature);
        let original = unsigned(&parts.assertion);
        parts.whole.replace(&parts.assertion, &format!("{evil}{original}"))
    });
}

#[test]
fn xml_signature_wrapping_6_the_signed_assertion_inside_the_moved_signature() {
    on_every_style("XSW6", |parts, signature| {
        let original = unsigned(&parts.assertion);
        let wrapped = signature.replace("</ds:Signature>", &format!("{original}</ds:Signature>"));
        parts.whole.replace(&parts.assertion, &behind_issuer(&parts.evil, &wrapped))
    });
}

#[test]
fn xml_signature_wrapping_7_the_signed_assertion_among_extensions() {
    on_every_style("XSW7", |parts, _| {
        let extensions = format!("<samlp:Extensions>{}</samlp:Extensions>", parts.assertion);
        parts.whole.replace(&parts.assertion, &format!("{extensions}{}", parts.evil))
    });
}

#[test]
fn xml_signature_wrapping_8_the_signed_assertion_in_an_object() {
    on_every_style("XSW8", |parts, signature| {
        let original = unsigned(&parts.assertion);
        let object = format!("<ds:Object>{original}</ds:Object></ds:Signature>");
        let wrapped = signature.replace("</ds:Signature>", &object);
        parts.whole.replace(&parts.assertion, &behind_issuer(&parts.evil, &wrapped))
    });
}

#[test]
fn xml_signature_wrapping_same_identifier_twice() {
    for style in STYLES {
        let parts = parts(style);
        let twin = parts.evil.replace("\"_evil\"", "\"_a1\"");
        is_refused(&parts.whole.replace(&parts.assertion, &format!("{twin}{}", parts.assertion)), "twin");
    }
}

#[test]
fn xml_signature_wrapping_a_signed_assertion_where_none_is_looked_for() {
    // Nothing else is in the response: the assertion is right, and stands where a reader of extensions would find it.
    let parts = parts((true, false));
    for around in ["samlp:Extensions", "samlp:StatusDetail", "saml:Advice"] {
        let moved = format!("<x xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"><{around}>");
        let moved = format!("{moved}{}</{around}></x>", parts.assertion);
        is_refused(&parts.whole.replace(&parts.assertion, &moved), around);
    }
}

#[test]
fn duplicate_identifiers_are_refused_wherever_they_stand() {
    let good = response(true, false);
    for attribute in ["ID", "Id", "id", "xml:id"] {
        let extensions = format!("<samlp:Extensions><x {attribute}=\"_a1\"></x></samlp:Extensions><saml:Assertion ");
        let xml = good.replacen("<saml:Assertion ", &extensions, 1);
        let refusal = Refusal::Signature(SignatureError::DuplicateId("_a1".into()));
        assert_eq!(accept(&xml).unwrap_err(), refusal, "{attribute}");
    }
}

#[test]
fn an_identifier_in_another_namespace_is_not_the_elements() {
    let good = response(true, false);
    let moved = good.replace(" ID=\"_a1\"", " xmlns:x=\"urn:x\" x:ID=\"_a1\" ID=\"_other\"");
    assert_eq!(accept(&moved).unwrap_err(), Refusal::Signature(SignatureError::Reference));
}

#[test]
fn a_reference_to_anything_but_the_element_is_refused_and_never_opened() {
    let good = response(true, false);
    for uri in
        ["", "#_r1", "#xpointer(id('_a1'))", "#xpointer(/)", "file:///etc/passwd", "https://evil.example/", "_a1"]
    {
        let xml = good.replace("URI=\"#_a1\"", &format!("URI=\"{uri}\""));
        assert_eq!(accept(&xml).unwrap_err(), Refusal::Signature(SignatureError::Reference), "{uri}");
    }
    let xml = good.replace(" URI=\"#_a1\"", "");
    assert_eq!(accept(&xml).unwrap_err(), Refusal::Signature(SignatureError::Reference));
}

#[test]
fn two_references_or_two_signatures_are_refused() {
    let good = response(true, false);
    let reference = cut(&good, "<ds:Reference ", "</ds:Reference>");
    is_refused(&good.replace(reference, &format!("{reference}{reference}")), "two references");
    let signature = cut(&good, SIGNATURE.0, SIGNATURE.1);
    is_refused(&good.replace(signature, &format!("{signature}{signature}")), "two signatures");
}

#[test]
fn transforms_other_than_the_two_are_refused() {
    let good = response(true, false);
    for uri in [
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
        "http://www.w3.org/2002/06/xmldsig-filter2",
        "http://www.w3.org/2000/09/xmldsig#base64",
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
    ] {
        let enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
        is_refused(&good.replace(enveloped, uri), uri);
        is_refused(&good.replace("http://www.w3.org/2001/10/xml-exc-c14n#\"", &format!("{uri}\"")), uri);
    }
}

#[test]
fn comment_truncation_in_what_is_signed_is_refused() {
    for style in STYLES {
        let xml = response(style.0, style.1).replace(">zoe@example.com<", ">zoe@example.com<!-- -->.evil.example<");
        let refusal = Refusal::Signature(SignatureError::Canonical(CanonicalError::Comment));
        assert_eq!(accept(&xml).unwrap_err(), refusal);
        let xml = response(style.0, style.1).replace(">zoe@example.com<", ">zoe@<?x?>example.com<");
        let refusal = Refusal::Signature(SignatureError::Canonical(CanonicalError::Instruction));
        assert_eq!(accept(&xml).unwrap_err(), refusal);
    }
}

#[test]
fn comment_truncation_in_the_sender_of_an_unsigned_request_is_refused() {
    let xml = "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_1\" Version=\"2.0\" \
               IssueInstant=\"2026-11-21T20:00:00Z\"><saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">\
               https://sp.example.com<!---->.evil.example</saml:Issuer></samlp:AuthnRequest>";
    let received = Received::from_xml(MessageKind::Request, xml.as_bytes()).unwrap();
    let refusal = received.claimed_issuer().unwrap_err();
    assert_eq!(refusal, Refusal::Shape(ShapeError::Interrupted("Issuer".into())));
    let twin = xml.replace("<!---->", "");
    let received = Received::from_xml(MessageKind::Request, twin.as_bytes()).unwrap();
    assert_eq!(received.claimed_issuer().unwrap(), "https://sp.example.com.evil.example");
}

#[test]
fn entity_bombs_and_external_entities_are_refused_before_anything_is_read() {
    let laughs = "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]><r>&b;</r>";
    let external = "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><r>&x;</r>";
    let parameter = "<!DOCTYPE r SYSTEM \"https://evil.example/x.dtd\"><r></r>";
    for xml in [laughs, external, parameter, "<?xml version=\"1.0\"?>\n<!DOCTYPE r><r/>"] {
        assert_eq!(accept(xml).unwrap_err(), Refusal::Parse(ParseError::Doctype));
    }
    // An entity that nobody declared.
    assert!(matches!(accept("<r>&lol;</r>").unwrap_err(), Refusal::Parse(ParseError::NotWellFormed(_))));
}

#[test]
fn void_canonicalization_is_an_error_and_never_a_digest_of_nothing() {
    let empty = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    let good = response(true, false);
    let digest = cut(&good, "<ds:DigestValue>", "</ds:DigestValue>");
    let xml = good.replace(digest, &format!("<ds:DigestValue>{empty}</ds:DigestValue>"));
    assert_eq!(accept(&xml).unwrap_err(), Refusal::Signature(SignatureError::Signature));
    // A relative namespace name has no canonical form.
    let xml = good.replace("<saml:Subject>", "<saml:Subject xmlns:x=\"relative\" x:y=\"1\">");
    let relative = CanonicalError::RelativeNamespace("relative".into());
    assert_eq!(accept(&xml).unwrap_err(), Refusal::Signature(SignatureError::Canonical(relative)));
}

#[test]
fn algorithm_confusion_is_refused() {
    let good = response(true, false);
    let rsa = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    for uri in [
        "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
        "http://www.w3.org/2001/04/xmldsig-more#RSA-SHA256",
        "",
    ] {
        let xml = good.replace(rsa, uri);
        assert!(matches!(accept(&xml).unwrap_err(), Refusal::Signature(_)), "{uri}");
    }
    // An algorithm of another kind of key.
    let xml = good.replace(rsa, "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256");
    assert_eq!(accept(&xml).unwrap_err(), Refusal::Signature(SignatureError::Signature));
    // An output that is cut short (HMACOutputLength and its kin).
    let method = cut(&good, "<ds:SignatureMethod ", "</ds:SignatureMethod>");
    let cut_short = method.replace("></ds:", "><ds:HMACOutputLength>8</ds:HMACOutputLength></ds:");
    is_refused(&good.replace(method, &cut_short), "output length");
}

#[test]
fn sha1_is_refused_unless_it_is_allowed() {
    let xml = include_str!("fixtures/sha1.xml");
    let certificate = Certificate::from_text(include_str!("fixtures/foreign.crt")).unwrap();
    let keys = [certificate.key().clone()];
    let text = muster_saml::xml::Text::message(xml.as_bytes()).unwrap();
    let document = text.parse().unwrap();
    let strict = Trust { keys: &keys, allow_sha1: false };
    let refused = muster_saml::signature::verify(document.root_element(), &strict).unwrap_err();
    assert_eq!(refused, SignatureError::Sha1);
    let lax = Trust { keys: &keys, allow_sha1: true };
    assert!(muster_saml::signature::verify(document.root_element(), &lax).is_ok());
}

#[test]
fn a_digest_of_sha1_alone_is_refused_as_well() {
    let xml = response(true, false)
        .replace("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1");
    assert_eq!(accept(&xml).unwrap_err(), Refusal::Signature(SignatureError::Sha1));
}

#[test]
fn a_key_inside_the_message_is_not_looked_at() {
    // Signed by somebody else, who sends his certificate along.
    let xml = response_by(&OTHER, true, true, None);
    assert_eq!(accept(&xml).unwrap_err(), Refusal::Signature(SignatureError::Signature));
    // Signed by the right one, with another certificate or none in it.
    let good = response(true, false);
    let info = cut(&good, "<ds:KeyInfo>", "</ds:KeyInfo>");
    let swapped = good.replace(&RSA.certificate.to_base64(), &OTHER.certificate.to_base64());
    assert!(accept(&swapped).is_ok());
    assert!(accept(&good.replace(info, "")).is_ok());
}

#[test]
fn fail_open_without_a_certificate_nothing_is_accepted() {
    for style in [(true, false), (false, true), (true, true)] {
        let xml = response(style.0, style.1);
        let without = Expected { trust: Trust { keys: &[], allow_sha1: true }, ..expected() };
        assert_eq!(read(&received(&xml), &without).unwrap_err(), Refusal::Signature(SignatureError::NoKey));
        let bare = unsigned(&unsigned(&xml));
        assert_eq!(read(&received(&bare), &without).unwrap_err(), Refusal::Unsigned);
        assert_eq!(accept(&bare).unwrap_err(), Refusal::Unsigned);
    }
}

#[test]
fn one_wrong_signature_refuses_also_where_the_other_is_right() {
    // The response's is right, over an assertion that somebody else signed.
    let foreign = cut(&response_by(&OTHER, true, false, None), ASSERTION.0, ASSERTION.1).to_owned();
    let good = response(false, true);
    let plain = cut(&good, ASSERTION.0, ASSERTION.1);
    let (head, tail) = good.split_once(plain).unwrap();
    let unsigned_head = head.replace(cut(head, SIGNATURE.0, SIGNATURE.1), "");
    let shell = format!("{unsigned_head}{foreign}{tail}");
    let signature = muster_saml::signature::enveloped(&shell, "_r1", &RSA.signer()).unwrap();
    let xml = behind_issuer(&shell, &signature);
    assert_eq!(accept(&xml).unwrap_err(), Refusal::Signature(SignatureError::Signature));
    // The assertion's is right, in a response that somebody else signed.
    let both = response(true, true);
    let outer = signature_of(&both);
    let value = cut(&outer, "<ds:SignatureValue>", "</ds:SignatureValue>");
    let spoiled = both.replacen(value, "<ds:SignatureValue>AAAA</ds:SignatureValue>", 1);
    assert_eq!(accept(&spoiled).unwrap_err(), Refusal::Signature(SignatureError::Signature));
}

#[test]
fn a_canonicalization_bomb_is_bounded() {
    // A long namespace name that every element would render again.
    let long = format!("urn:{}", "x".repeat(100_000));
    let many = "<x:y></x:y>".repeat(4_000);
    let xml = response(true, false)
        .replacen("<samlp:Response ", &format!("<samlp:Response xmlns:x=\"{long}\" "), 1)
        .replace("<saml:Subject>", &format!("{many}<saml:Subject>"));
    assert!(xml.len() < 256 * 1024, "the test is about what comes out");
    assert_eq!(accept(&xml).unwrap_err(), Refusal::Signature(SignatureError::Canonical(CanonicalError::TooLarge)));
}
