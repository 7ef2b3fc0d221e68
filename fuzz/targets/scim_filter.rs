//! A SCIM filter: what is read is written back to the same filter, is bounded, and can be asked of anybody.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_scim::filter::{Filter, narrow};
use muster_scim::{AttributePath, Definition, Reading};

fuzz_target!(|input: (&str, &[u8])| {
    let (text, body) = input;
    if let Ok(path) = text.parse::<AttributePath>() {
        assert_eq!(path.to_string().parse(), Ok(path));
    }
    let Ok(filter) = text.parse::<Filter>() else { return };
    // What is written may be longer than what was read (escapes), and then is refused as too long.
    let written = filter.to_string();
    if written.len() <= muster_scim::limits::FILTER_BYTES_MAX {
        assert_eq!(written.parse(), Ok(filter.clone()), "{written}");
    }
    let users = Definition::user();
    let _ = filter.check(&users);
    let narrowed = narrow(&filter, &|_| true);
    if let Ok(user) = users.read_bytes(body, Reading::REQUEST) {
        let _ = (filter.matches(&user.0, &users), narrowed);
    }
});
