//! Faults that are shown, never redirected.

use crate::{code, params};
use muster_oauth::ErrorCode::InvalidRequest;
use muster_oauth::authorize::Target;

#[test]
fn client_and_address_are_needed() {
    let read = Target::read(&params("client_id=app&redirect_uri=https%3A%2F%2Fapp%2Fcb&state=s+t&x=y")).unwrap();
    assert_eq!((read.client_id.as_str(), read.redirect_uri.as_str()), ("app", "https://app/cb"));
    assert_eq!(read.state.as_deref(), Some("s t"));
    let long = format!("client_id=app&redirect_uri=https://app/cb&state={}", "x".repeat(4097));
    for raw in ["", "client_id=app", "redirect_uri=https://app/cb", "client_id=&redirect_uri=https://app/cb", &long] {
        assert_eq!(code(Target::read(&params(raw))), InvalidRequest, "{raw}");
    }
}
