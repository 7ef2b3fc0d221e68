//! The name of a key that follows from the key itself (RFC 7638). Never here: where keys are kept.

use crate::{Jwk, encode};
use aws_lc_rs::digest;

/// The SHA-256 thumbprint of a public key, base64url: the hash over its required members in the order of their
/// names, without white space. `None` for key types we do not speak or when a required member is missing.
pub(crate) fn thumbprint(jwk: &Jwk) -> Option<String> {
    // RFC 7638 section 3.3: the values are base64url and registered names, so nothing needs escaping; what would is
    // refused.
    let member = |value: &Option<String>| value.clone().filter(|text| text.bytes().all(is_plain));
    let canonical = match jwk.kty.as_str() {
        "RSA" => format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, member(&jwk.e)?, member(&jwk.n)?),
        "EC" => {
            let (crv, x, y) = (member(&jwk.crv)?, member(&jwk.x)?, member(&jwk.y)?);
            format!(r#"{{"crv":"{crv}","kty":"EC","x":"{x}","y":"{y}"}}"#)
        }
        // RFC 8037 section 2.
        "OKP" => format!(r#"{{"crv":"{}","kty":"OKP","x":"{}"}}"#, member(&jwk.crv)?, member(&jwk.x)?),
        _ => return None,
    };
    Some(encode(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref()))
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}
