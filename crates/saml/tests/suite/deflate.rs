//! Deflating and inflating.

use muster_saml::deflate::{InflateError, deflate, inflate};
use proptest::prelude::*;

#[test]
fn the_bound_is_exact() {
    let packed = deflate(&[b'x'; 1000]);
    assert_eq!(inflate(&packed, 1000).unwrap().len(), 1000);
    assert_eq!(inflate(&packed, 999).unwrap_err(), InflateError::TooLarge(999));
}

#[test]
fn a_stream_that_is_cut_short_is_refused() {
    let packed = deflate(b"a message that is long enough to be cut");
    assert_eq!(inflate(&packed[..packed.len() - 4], 1000).unwrap_err(), InflateError::Malformed);
    assert_eq!(inflate(b"", 1000).unwrap_err(), InflateError::Malformed);
}

proptest! {
    #[test]
    fn what_was_deflated_is_inflated(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert_eq!(inflate(&deflate(&bytes), 2000).unwrap(), bytes);
    }

    #[test]
    fn anything_is_inflated_within_the_bound_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..500)) {
        if let Ok(inflated) = inflate(&bytes, 300) {
            prop_assert!(inflated.len() <= 300);
        }
    }
}
