//! Any text at every reader of messages: refused or read, never a panic; what is read again is the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_saml::binding::{MessageKind, Received, Sender};
use muster_saml::signature::Trust;
use muster_saml::xml::{Limits, Text, indented};
use muster_saml::{authn_request, logout, metadata};

fuzz_target!(|bytes: &[u8]| {
    let sender = Sender { trust: Trust { keys: &[], allow_sha1: false }, require_signed: false };
    for kind in [MessageKind::Request, MessageKind::Response] {
        let Ok(received) = Received::from_xml(kind, bytes) else { continue };
        if let Ok((request, _)) = authn_request::read(&received, &sender) {
            assert_eq!(authn_request::read(&received, &sender).expect("again").0, request);
            assert_eq!(received.claimed_issuer().as_deref(), Ok(request.header.issuer.as_str()));
        }
        let _ = logout::read_request(&received, &sender);
        let _ = logout::read_response(&received, &sender);
        let _ = received.claimed_name();
    }
    let _ = metadata::read(bytes, None);
    // What is laid out for people is still the same document to a reader.
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Some(shown) = indented(text)
    {
        let again = Text::new(shown.as_bytes(), Limits::METADATA).expect("a text");
        let was = Text::new(text.as_bytes(), Limits::METADATA).expect("a text");
        let names = |text: &Text| -> Vec<String> {
            let document = text.parse().expect("it was parsed");
            document.descendants().filter(|one| one.is_element()).map(|one| one.tag_name().name().to_owned()).collect()
        };
        assert_eq!(names(&again), names(&was));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = Received::from_query(text);
        let _ = Received::from_form(text);
    }
});
