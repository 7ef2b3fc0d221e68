//! High-entropy secrets and their digests.
//!
//! A secret that is only compared (client secrets, API keys, tokens, codes) is stored as its SHA-256: it holds 256
//! bits of randomness, so a slow hash would protect nothing. People's passwords are not for this module
//! (`directory::password`), and what must be read back is for [`crate::keyring`].

use std::fmt;

use aws_lc_rs::digest as sha;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::rng::Rng;

/// SHA-256 of a secret: what the database holds and finds it by.
pub type Digest = [u8; 32];

/// SHA-256 of `bytes`.
#[must_use]
pub fn digest(bytes: &[u8]) -> Digest {
    let mut out = [0; 32];
    out.copy_from_slice(sha::digest(&sha::SHA256, bytes).as_ref());
    out
}

/// A text that must not be logged: `Debug` and `Display` hide it, and it is wiped when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps a secret text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// 256 random bits as 43 URL-safe characters.
    #[must_use]
    pub fn random(rng: &Rng) -> Self {
        let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(rng.bytes());
        Self::new(URL_SAFE_NO_PAD.encode(bytes.as_slice()))
    }

    /// The text itself. Say at the call why it is needed, if that is not plain.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// SHA-256 of the text.
    #[must_use]
    pub fn digest(&self) -> Digest {
        digest(self.0.as_bytes())
    }
}

/// Compares in constant time.
#[must_use]
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl<'de> serde::Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_printed() {
        let secret = Secret::new("correct horse");
        assert_eq!(format!("{secret:?}"), "[secret]");
        assert_eq!(Secret::random(&Rng::seeded(1)).expose().len(), 43);
    }
}
