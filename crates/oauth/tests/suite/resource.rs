//! RFC 8707: absolute, without a fragment, registered, and never more than was granted.

use crate::{code, params};
use muster_oauth::ErrorCode::InvalidTarget;
use muster_oauth::resource::{MAX_COUNT, check, narrow, read};
use proptest::prelude::*;

#[test]
fn an_absolute_uri_without_a_fragment() {
    for good in ["https://api.example.com/", "https://api.example.com/v1?x=1", "urn:example:api", "api://orders"] {
        assert!(check(good).is_ok(), "{good}");
    }
    for bad in
        ["", "api", "/v1", "//api.example.com", "https://api.example.com/#x", "https://a b/", "https://caf\u{e9}/"]
    {
        assert_eq!(code(check(bad)), InvalidTarget, "{bad}");
    }
    let many = (0..=MAX_COUNT).map(|i| format!("resource=urn:a:{i}")).collect::<Vec<_>>().join("&");
    assert_eq!(code(read(&params(&many))), InvalidTarget);
}

proptest! {
    /// Class: token escalation. Whatever is asked, nothing is given that was not allowed.
    #[test]
    fn it_only_narrows(asked in prop::collection::vec("[a-c]", 0..4), allowed in prop::collection::vec("[a-c]", 0..4)) {
        match narrow(&asked, &allowed, &allowed) {
            Ok(given) => prop_assert!(given.iter().all(|resource| allowed.contains(resource))),
            Err(error) => {
                prop_assert_eq!(error.code, InvalidTarget);
                prop_assert!(asked.iter().any(|resource| !allowed.contains(resource)));
            }
        }
    }
}
