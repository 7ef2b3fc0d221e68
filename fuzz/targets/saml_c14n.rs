//! Canonical forms: the form of a canonical form is itself, and a reader sees the same in both.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_saml::xml::canonical::{Extras, Method, canonicalize};
use muster_saml::xml::{Limits, Text};

fn form(text: &str, method: &Method) -> Option<String> {
    let limits = Limits { bytes: 16 * 1024 * 1024, ..Limits::METADATA };
    let text = Text::new(text.as_bytes(), limits).ok()?;
    let document = text.parse().ok()?;
    canonicalize(document.root_element(), method, None, Extras::AsSpecified).ok()
}

fuzz_target!(|text: &str| {
    for method in [Method::Inclusive, Method::EXCLUSIVE, Method::Exclusive(vec!["a".into(), "#default".into()])] {
        let Some(once) = form(text, &method) else { continue };
        assert!(!once.is_empty(), "void canonicalization");
        assert!(!once.contains("<!--") && !once.contains("<![CDATA["), "{once}");
        if let Some(twice) = form(&once, &method) {
            assert_eq!(once, twice);
        }
    }
});
