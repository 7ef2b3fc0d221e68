//! What a foreign provider answers: metadata, tokens, errors, and what comes back with the browser.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_oauth::relying_party::{Callback, read_answer};
use muster_oauth::{Params, discovery};

fuzz_target!(|bytes: &[u8]| {
    let _ = read_answer(200, bytes);
    let _ = read_answer(400, bytes);
    if let Ok(metadata) = discovery::Metadata::parse(bytes) {
        let _ = discovery::check(&metadata, "https://idp.example", false);
    }
    let text = String::from_utf8_lossy(bytes);
    if let Ok(params) = Params::parse(&text) {
        let _ = Callback::read(&params);
    }
    if let Ok(found) = discovery::well_known_url(&text) {
        assert!(!format!("{found:?}").contains('\n'));
    }
    if let Ok(email) = text.parse::<muster_base::Email>() {
        assert_eq!(email.normal().matches('@').count(), 1);
        assert_eq!(email.normal(), email.normal().to_lowercase());
    }
});
