//! User codes: easy to type, hard to guess, read however they are typed.

use muster_oauth::device::{LENGTH, LETTERS, shown, typed, user_code};
use proptest::prelude::*;

#[test]
fn rfc8628_6_1_codes_are_typed_in_any_way() {
    assert_eq!(shown("WDJBMJHT"), "WDJB-MJHT");
    for text in
        ["WDJB-MJHT", "wdjb-mjht", "WDJBMJHT", " wdjb mjht ", "w d j b\u{2013}m j h t", "WDJB_MJHT", "W.D.J.B.M.J.H.T"]
    {
        assert_eq!(typed(text).as_deref(), Some("WDJBMJHT"), "{text}");
    }
    for text in ["", "WDJB-MJH", "WDJB-MJHTT", "WDJB-MJHA", "WDJB-MJH0", "ẆDJB-MJHT", &"W".repeat(100)] {
        assert_eq!(typed(text), None, "{text}");
    }
    for letter in b"AEIOUY0123456789" {
        assert!(!LETTERS.contains(letter));
    }
}

#[test]
fn every_letter_is_as_likely_as_the_others() {
    let mut counts = [0_u32; 20];
    for byte in 0..=u8::MAX {
        if let Some(code) = user_code(&[byte; LENGTH]) {
            counts[LETTERS.iter().position(|letter| *letter == code.as_bytes()[0]).unwrap()] += 1;
        }
    }
    assert_eq!(counts, [12; 20]);
    assert_eq!(user_code(&[255; 32]), None);
    assert_eq!(user_code(&[0; 7]), None);
}

proptest! {
    #[test]
    fn a_code_reads_back(random in prop::array::uniform32(any::<u8>())) {
        if let Some(code) = user_code(&random) {
            prop_assert_eq!(typed(&shown(&code)), Some(code.clone()));
            prop_assert_eq!(typed(&shown(&code).to_lowercase()), Some(code));
        }
    }

    #[test]
    fn any_text_is_a_code_or_none(text in any::<String>()) {
        if let Some(code) = typed(&text) {
            prop_assert!(code.len() == LENGTH && code.bytes().all(|b| LETTERS.contains(&b)));
        }
    }
}
