//! Signing and verifying by themselves.

use super::*;
use muster_saml::signature::{SignatureAlgorithm, SignatureError, enveloped, is_signed, verify};
use muster_saml::xml::Text;

/// A small element with its signature at its end.
fn signed(algorithm: SignatureAlgorithm) -> String {
    let canonical = "<x:a xmlns:x=\"urn:x\" ID=\"_1\"><x:b></x:b></x:a>";
    let signer = Signer { algorithm, ..RSA.signer() };
    let signature = enveloped(canonical, "_1", &signer).unwrap();
    canonical.replace("</x:a>", &format!("{signature}</x:a>"))
}

fn check(xml: &str) -> Result<String, SignatureError> {
    let text = Text::message(xml.as_bytes()).unwrap();
    let document = text.parse().unwrap();
    verify(document.root_element(), &trust()).map(|verified| verified.as_str().to_owned())
}

#[test]
fn what_comes_out_is_what_was_signed_and_nothing_else() {
    for algorithm in [SignatureAlgorithm::RsaSha256, SignatureAlgorithm::RsaSha384, SignatureAlgorithm::RsaSha512] {
        let xml = format!("<?xml version=\"1.0\"?><!-- before -->{}<!-- behind -->", signed(algorithm));
        assert_eq!(check(&xml).unwrap(), "<x:a xmlns:x=\"urn:x\" ID=\"_1\"><x:b></x:b></x:a>");
    }
}

#[test]
fn a_signature_deeper_inside_does_not_count() {
    let xml = format!("<o ID=\"_1\">{}</o>", signed(SignatureAlgorithm::RsaSha256).replace("ID=\"_1\"", "ID=\"_2\""));
    assert_eq!(check(&xml).unwrap_err(), SignatureError::Missing);
    let text = Text::message(xml.as_bytes()).unwrap();
    assert!(!is_signed(text.parse().unwrap().root_element()));
}

#[test]
fn each_change_has_its_own_word() {
    let xml = signed(SignatureAlgorithm::RsaSha256);
    assert_eq!(check(&xml.replace("<x:b>", "<x:b z=\"1\">")).unwrap_err(), SignatureError::Digest);
    assert_eq!(check(&xml.replace("<ds:DigestValue>", "<ds:DigestValue>AAAA")).unwrap_err(), SignatureError::Signature);
    assert_eq!(check("<a ID=\"_1\"/>").unwrap_err(), SignatureError::Missing);
    let value = cut(&xml, "<ds:SignatureValue>", "</ds:SignatureValue>");
    assert!(matches!(check(&xml.replace(value, "")).unwrap_err(), SignatureError::Shape(_)));
    assert!(matches!(
        check(&xml.replace(value, "<ds:SignatureValue>!</ds:SignatureValue>")).unwrap_err(),
        SignatureError::Shape(_)
    ));
}

#[test]
fn keys_beyond_the_bound_are_not_tried() {
    let mut keys = vec![OTHER.public(); 8];
    keys.push(RSA.public());
    let xml = signed(SignatureAlgorithm::RsaSha256);
    let text = Text::message(xml.as_bytes()).unwrap();
    let document = text.parse().unwrap();
    let error = verify(document.root_element(), &Trust { keys: &keys, allow_sha1: false }).unwrap_err();
    assert_eq!(error, SignatureError::Signature);
    assert!(verify(document.root_element(), &Trust { keys: &keys[1..], allow_sha1: false }).is_ok());
}
