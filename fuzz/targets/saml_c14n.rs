//! Canonical forms: the form of a canonical form is itself, and what another library (bergshamra, with a parser of its own)
//! makes of the same text is the same.
#![no_main]

use bergshamra::c14n::{C14nMode, canonicalize as canonicalize_other};
use libfuzzer_sys::fuzz_target;
use muster_saml::xml::canonical::{Extras, Method, canonicalize};
use muster_saml::xml::{Limits, Text};

fn form(text: &str, method: &Method) -> Option<String> {
    let limits = Limits { bytes: 16 * 1024 * 1024, ..Limits::METADATA };
    let text = Text::new(text.as_bytes(), limits).ok()?;
    let document = text.parse().ok()?;
    canonicalize(document.root_element(), method, None, Extras::AsSpecified).ok()
}

/// The form by the other library; of texts that it does not read there is none. It canonicalizes the whole document, so
/// instructions beside the root are left out of the comparison.
fn other(text: &str, method: &Method) -> Option<String> {
    if text.contains("<?") {
        return None;
    }
    let (mode, prefixes) = match method {
        Method::Inclusive => (C14nMode::Inclusive, Vec::new()),
        Method::Exclusive(prefixes) => (C14nMode::Exclusive, prefixes.clone()),
    };
    String::from_utf8(canonicalize_other(text, mode, None, &prefixes).ok()?).ok()
}

fuzz_target!(|text: &str| {
    for method in [Method::Inclusive, Method::EXCLUSIVE, Method::Exclusive(vec!["a".into(), "#default".into()])] {
        let Some(once) = form(text, &method) else { continue };
        if let Some(theirs) = other(text, &method) {
            assert_eq!(once, theirs, "{method:?}");
        }
        assert!(!once.is_empty(), "void canonicalization");
        assert!(!once.contains("<!--") && !once.contains("<![CDATA["), "{once}");
        if let Some(twice) = form(&once, &method) {
            assert_eq!(once, twice);
        }
    }
});
