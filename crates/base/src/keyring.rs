//! Encryption at rest for what must be read back (signing keys, client secrets towards identity providers, mail).
//!
//! One master key (AES-256-GCM), given by file or environment. Each sealed value is bound to what it is for, so that
//! a value copied into another row or column does not open.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::rng::Rng;
use crate::secret::{Digest, digest};

/// The key did not open the value: it was sealed under another key, for another purpose, or was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the master key does not open this value")]
pub struct DoesNotOpen;

/// Seals and opens values under the master key.
#[derive(Clone)]
pub struct Keyring {
    key: Arc<LessSafeKey>,
    check: Digest,
}

impl Keyring {
    /// A keyring of a 32-byte master key.
    ///
    /// # Panics
    /// Never: the length is in the type.
    #[must_use]
    #[expect(clippy::expect_used, reason = "32 bytes are AES-256's key length")]
    pub fn new(master: &[u8; 32]) -> Self {
        let key = UnboundKey::new(&AES_256_GCM, master).expect("32 bytes");
        let mut marked = Zeroizing::new(b"muster master key check:".to_vec());
        marked.extend_from_slice(master);
        Self { key: Arc::new(LessSafeKey::new(key)), check: digest(&marked) }
    }

    /// A fingerprint of the key that says nothing about it: the database keeps it, and refuses another key.
    #[must_use]
    pub fn check(&self) -> Digest {
        self.check
    }

    /// Encrypts `plain` for `purpose` (for example `"idp.client_secret:{org}:{id}"`).
    ///
    /// # Panics
    /// Never: AES-GCM seals any length that fits in memory.
    #[must_use]
    #[expect(clippy::expect_used, reason = "fails only above 64 GiB")]
    pub fn seal(&self, purpose: &str, plain: &[u8], rng: &Rng) -> Vec<u8> {
        let nonce: [u8; NONCE_LEN] = rng.bytes();
        let mut out = plain.to_vec();
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(purpose.as_bytes()), &mut out)
            .expect("within AES-GCM's length");
        let mut sealed = nonce.to_vec();
        sealed.append(&mut out);
        sealed
    }

    /// Decrypts what [`Keyring::seal`] made for the same purpose.
    ///
    /// # Errors
    /// [`DoesNotOpen`].
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN).ok_or(DoesNotOpen)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| DoesNotOpen)?;
        let mut body = body.to_vec();
        let length =
            self.key.open_in_place(nonce, Aad::from(purpose.as_bytes()), &mut body).map_err(|_| DoesNotOpen)?.len();
        body.truncate(length);
        Ok(Zeroizing::new(body))
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyring")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_only_with_the_same_key_purpose_and_bytes() {
        let rng = Rng::seeded(3);
        let ring = Keyring::new(&[7; 32]);
        let sealed = ring.seal("a", b"hello", &rng);
        assert_eq!(ring.open("a", &sealed).unwrap().as_slice(), b"hello");
        assert_eq!(ring.open("b", &sealed), Err(DoesNotOpen));
        assert_eq!(Keyring::new(&[8; 32]).open("a", &sealed), Err(DoesNotOpen));
        assert_eq!(ring.open("a", &sealed[..5]), Err(DoesNotOpen));
        let mut changed = sealed;
        *changed.last_mut().unwrap() ^= 1;
        assert_eq!(ring.open("a", &changed), Err(DoesNotOpen));
    }
}
