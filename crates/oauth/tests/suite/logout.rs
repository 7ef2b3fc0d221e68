//! RP-initiated logout.

use crate::{code, params, query};
use muster_oauth::ErrorCode::InvalidRequest;
use muster_oauth::logout::Request;

#[test]
fn everything_is_optional() {
    assert_eq!(Request::read(&params("")).unwrap(), Request::default());
    let raw = "id_token_hint=a.b.c&client_id=app&post_logout_redirect_uri=https%3A%2F%2Fapp%2Fbye&state=s&ui_locales=de+en&logout_hint=ana";
    let read = Request::read(&params(raw)).unwrap();
    assert_eq!(read.id_token_hint.as_deref(), Some("a.b.c"));
    assert_eq!(read.client_id.as_deref(), Some("app"));
    assert_eq!(read.post_logout_redirect_uri.as_deref(), Some("https://app/bye"));
    assert_eq!((read.state.as_deref(), read.logout_hint.as_deref()), (Some("s"), Some("ana")));
    assert_eq!(read.ui_locales, ["de", "en"]);
    assert!(!format!("{read:?}").contains("a.b.c"), "the hint is a token");
}

#[test]
fn bounded() {
    for (name, n) in [("state", 5000), ("post_logout_redirect_uri", 3000), ("client_id", 2000), ("logout_hint", 600)] {
        let raw = format!("{name}={}", "x".repeat(n));
        assert_eq!(code(Request::read(&params(&raw))), InvalidRequest, "{name}");
    }
}

#[test]
fn state_goes_back_with_the_address() {
    assert_eq!(Request::return_to("https://app/bye", None), "https://app/bye");
    let address = Request::return_to("https://app/bye?x=1", Some("a&b=c d"));
    assert_eq!(query(&address), crate::pairs(&[("x", "1"), ("state", "a&b=c d")]));
}
