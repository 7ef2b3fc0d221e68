//! The answer keeps the address's own query and cannot be extended by what is echoed.

use crate::{pairs, query};
use muster_oauth::authorize::{Delivery, Response, error_redirect, success_redirect};
use muster_oauth::{Error, ErrorCode};
use proptest::prelude::*;

const ISS: &str = "https://id.example.com/o/acme";

#[test]
fn success() {
    let address = success_redirect("https://app/cb", "c0de", Some("xyz"), ISS);
    assert_eq!(address, "https://app/cb?code=c0de&state=xyz&iss=https%3A%2F%2Fid.example.com%2Fo%2Facme");
    assert_eq!(query(&success_redirect("https://app/cb", "c", None, ISS)), pairs(&[("code", "c"), ("iss", ISS)]));
    let kept = success_redirect("https://app/cb?tenant=a%20b&x", "c", None, ISS);
    assert!(kept.starts_with("https://app/cb?tenant=a%20b&x&code=c&"), "{kept}");
    assert!(success_redirect("https://app/cb?", "c", None, ISS).starts_with("https://app/cb?code=c"));
    assert!(success_redirect("com.app:/cb", "c", None, ISS).starts_with("com.app:/cb?code=c"));
}

#[test]
fn error() {
    let error = Error::new(ErrorCode::LoginRequired, "nobody is signed in");
    let address = error_redirect("https://app/cb", &error, Some("s"), ISS);
    let expected =
        [("error", "login_required"), ("error_description", "nobody is signed in"), ("state", "s"), ("iss", ISS)];
    assert_eq!(query(&address), pairs(&expected));
}

#[test]
fn a_fragment_and_a_signed_answer() {
    let response = Response::success("c0de", Some("x y"), ISS);
    let address = response.redirect("https://app/cb?a=1", Delivery::Fragment);
    assert_eq!(address, "https://app/cb?a=1#code=c0de&state=x%20y&iss=https%3A%2F%2Fid.example.com%2Fo%2Facme");
    let claims = response.claims("app", 42);
    let expected = serde_json::json!({"code": "c0de", "state": "x y", "iss": ISS, "aud": "app", "exp": 42});
    assert_eq!(serde_json::Value::Object(claims), expected);
    let signed = Response::signed("a.b.c".to_owned());
    // Nothing stands beside the signed text (JARM section 2.3).
    assert_eq!(signed.redirect("https://app/cb", Delivery::Query), "https://app/cb?response=a.b.c");
}

#[test]
fn fields_for_a_posted_form() {
    let response = Response::success("c0de", Some("\"><script>"), ISS);
    let fields: Vec<_> = response.fields().iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(fields, [("code", "c0de"), ("state", "\"><script>"), ("iss", ISS)]);
    assert!(!format!("{response:?}").contains("c0de"));
}

proptest! {
    /// Whatever the state is, the receiver reads exactly it, and nothing else is added.
    #[test]
    fn state_is_echoed_exactly(state in any::<String>()) {
        let address = success_redirect("https://app/cb?a=1", "c", Some(&state), ISS);
        prop_assert!(address.is_ascii() && !address.contains(char::is_whitespace) && !address.contains('#'));
        prop_assert_eq!(query(&address), pairs(&[("a", "1"), ("code", "c"), ("state", &state), ("iss", ISS)]));
    }
}
