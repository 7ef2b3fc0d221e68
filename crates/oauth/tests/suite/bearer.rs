//! RFC 6750 section 2.

use crate::{code, params};
use muster_oauth::ErrorCode::InvalidRequest;
use muster_oauth::bearer::{challenge, read};

#[test]
fn header_or_form_but_not_both() {
    let form = params("access_token=abc.def");
    assert_eq!(read(Some("Bearer mF_9.B5f-4.1JqM"), None), Ok(Some("mF_9.B5f-4.1JqM")));
    assert_eq!(read(Some("bearer a+/=~"), None), Ok(Some("a+/=~")));
    assert_eq!(read(None, Some(&form)), Ok(Some("abc.def")));
    assert_eq!(code(read(Some("Bearer x"), Some(&form))), InvalidRequest);
    assert_eq!(read(None, None), Ok(None));
    assert_eq!(read(Some("Basic YTpi"), None), Ok(None));
    for header in ["Bearer", "Bearer ", "Bearer a b", "Bearer a,b", "Bearer \"a\"", "Bearer ü"] {
        assert_eq!(code(read(Some(header), None)), InvalidRequest, "{header}");
    }
    assert_eq!(code(read(Some(&format!("Bearer {}", "x".repeat(20_000))), None)), InvalidRequest);
    assert_eq!(challenge("muster"), "Bearer realm=\"muster\"");
}
