//! What is written is canonical as it is written.

use super::*;
use muster_saml::xml::canonical::{Extras, Method, canonicalize};
use muster_saml::xml::{MD, SAML, SAMLP, Text, Writer};
use proptest::prelude::*;

fn is_canonical(xml: &str) -> bool {
    let text = Text::message(xml.as_bytes()).unwrap();
    let document = text.parse().unwrap();
    canonicalize(document.root_element(), &Method::EXCLUSIVE, None, Extras::Refuse).unwrap() == xml
}

#[test]
fn responses_are_canonical_with_and_without_signatures() {
    for (sign_assertion, sign_response) in [(true, false), (false, true), (true, true)] {
        assert!(is_canonical(&response(sign_assertion, sign_response)));
    }
}

#[test]
fn attributes_are_ordered_and_declarations_stand_where_they_are_first_needed() {
    let mut to = Writer::new();
    to.open(SAMLP, "a", &[("z", Some("1")), ("xml:lang", Some("en")), ("B", None), ("A", Some("<\">\n"))]);
    to.leaf(SAML, "b", &[], "x").open(SAML, "c", &[]).leaf(SAML, "d", &[], "").leaf(MD, "e", &[], "");
    let xml = to.finish().unwrap();
    assert_eq!(
        xml,
        "<samlp:a xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" A=\"&lt;&quot;>&#xA;\" z=\"1\" xml:lang=\"en\">\
         <saml:b xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">x</saml:b>\
         <saml:c xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"><saml:d></saml:d>\
         <md:e xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\"></md:e></saml:c></samlp:a>"
    );
    assert!(is_canonical(&xml));
}

proptest! {
    #[test]
    fn any_value_is_escaped_or_refused(text in any::<String>(), value in any::<String>()) {
        let mut to = Writer::new();
        to.open(SAMLP, "a", &[("b", Some(&value))]).leaf(SAML, "c", &[], &text);
        let carried = |text: &str| text.chars().all(|c| c == '\t' || c == '\n' || c == '\r' || (c >= ' ' && c != '\u{FFFE}' && c != '\u{FFFF}'));
        match to.finish() {
            Ok(xml) => {
                prop_assert!(carried(&text) && carried(&value));
                prop_assert!(is_canonical(&xml));
                let read = Text::message(xml.as_bytes()).unwrap();
                let document = read.parse().unwrap();
                let root = document.root_element();
                prop_assert_eq!(muster_saml::xml::node::optional(root, "b"), Some(value.as_str()));
                prop_assert_eq!(root.first_child().unwrap().text().unwrap_or_default(), text);
            }
            Err(_) => prop_assert!(!carried(&text) || !carried(&value)),
        }
    }
}
