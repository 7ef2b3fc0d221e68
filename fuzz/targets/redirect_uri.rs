//! A return address matches only what was registered: the same text, or the same but for the port on loopback.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_oauth::redirect_uri::{check_registration, registered};

fuzz_target!(|input: (&str, bool)| {
    let (uri, public) = input;
    let known = ["https://app.example/cb".to_owned(), "http://127.0.0.1/cb".to_owned()];
    if registered(uri, &known, public) {
        let loopback = public && uri.starts_with("http://127.0.0.1") && uri.ends_with("/cb");
        assert!(known.iter().any(|k| k == uri) || loopback, "{uri}");
    }
    if check_registration(uri, public).is_ok() {
        assert!(registered(uri, &[uri.to_owned()], public), "{uri}");
        assert!(!uri.contains(['#', '\\', ' ', '\n', '\r']), "{uri}");
    }
});
