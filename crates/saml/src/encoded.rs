//! Base64 as XML has it: white space anywhere, otherwise one spelling. Nothing else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The bytes behind base64 text. Padding is required, loose trailing bits are refused.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    if text.bytes().any(|byte| byte.is_ascii_whitespace()) {
        let joined: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        STANDARD.decode(joined).ok()
    } else {
        STANDARD.decode(text).ok()
    }
}

/// Base64 in one line.
pub(crate) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
