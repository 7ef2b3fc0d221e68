//! Points in time.

use muster_saml::instant::{read, write};
use proptest::prelude::*;

#[test]
fn the_forms_that_are_sent_are_read() {
    let at = Some(1_795_291_200);
    for text in [
        "2026-11-21T20:00:00Z",
        "2026-11-21T20:00:00.000Z",
        "2026-11-21T20:00:00.9999999Z",
        "2026-11-21T20:00:00",
        "2026-11-21T22:30:00+02:30",
        "2026-11-21T15:00:00.5-05:00",
    ] {
        assert_eq!(read(text), at, "{text}");
    }
    assert_eq!(write(1_795_291_200), "2026-11-21T20:00:00Z");
}

#[test]
fn other_texts_are_not() {
    for text in [
        "",
        "2026-11-21",
        "2026-11-21 20:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-11-21T24:00:00Z",
        "2026-11-21T20:00:60Z",
        "2026-11-21T20:00Z",
        "+2026-11-21T20:00:00Z",
        "2026-11-21T20:00:00.Z",
        "2026-11-21T20:00:00+15:00",
        "2026-11-21T20:00:00ZZ",
        "２026-11-21T20:00:00Z",
        "2026-1-21T20:00:00Z",
        "99999-01-01T00:00:00Z",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(seconds in -62_167_219_200_i64..=253_402_300_799) {
        prop_assert_eq!(read(&write(seconds)), Some(seconds));
    }

    #[test]
    fn no_text_and_no_number_is_too_strange(text in "\\PC{0,30}", seconds in any::<i64>()) {
        let _ = read(&text);
        prop_assert!(write(seconds).len() == 20);
    }
}
