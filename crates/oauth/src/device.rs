//! The device authorization grant (RFC 8628): the answer to the device, and codes that people type. Never here: where
//! codes are kept, and how often one may ask.

use serde::Serialize;

/// The grant type (section 3.4).
pub const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// The letters of a user code (section 6.1): no vowels, so that no word comes of it, and no two that look alike.
pub const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
/// The letters in a user code: 20^8, some 34 bits.
pub const LENGTH: usize = 8;
/// The longest text that is read as a user code, in bytes: it may be typed with blanks and dashes.
const TYPED_MAX_BYTES: usize = 64;

/// The answer to a device (section 3.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Response {
    /// The device's secret.
    pub device_code: String,
    /// What the person types.
    pub user_code: String,
    /// Where they type it.
    pub verification_uri: String,
    /// The same with the code in it, for a QR code.
    pub verification_uri_complete: String,
    /// How long both codes live, in seconds.
    pub expires_in: i64,
    /// How long the device waits between two questions, in seconds.
    pub interval: i64,
}

/// A user code from random bytes: those beyond a multiple of the letters' number are passed over, so that all letters
/// are alike. `None` when there were too few.
#[must_use]
pub fn user_code(random: &[u8]) -> Option<String> {
    let even = random.iter().filter(|byte| **byte < 240);
    let letters: String = even
        .filter_map(|byte| LETTERS.get(usize::from(*byte) % LETTERS.len()))
        .take(LENGTH)
        .map(|b| char::from(*b))
        .collect();
    (letters.len() == LENGTH).then_some(letters)
}

/// A user code as it is shown: `WDJB-MJHT`.
#[must_use]
pub fn shown(code: &str) -> String {
    let (first, last) = code.split_at_checked(LENGTH / 2).unwrap_or((code, ""));
    format!("{first}-{last}")
}

/// The code in what somebody typed: in capitals or not, with blanks and dashes anywhere (section 6.1).
#[must_use]
pub fn typed(text: &str) -> Option<String> {
    if text.len() > TYPED_MAX_BYTES {
        return None;
    }
    let letters =
        text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}' | '.' | '_'));
    let code: String = letters.map(|c| c.to_ascii_uppercase()).collect();
    let fits = code.len() == LENGTH && code.bytes().all(|b| LETTERS.contains(&b));
    fits.then_some(code)
}
