//! Our private key for secrets that were encrypted to us. Never here: what is encrypted.

use super::{KeyError, MIN_RSA_BITS};
use aws_lc_rs::rsa::{OaepAlgorithm, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use std::sync::Arc;
use zeroize::Zeroizing;

/// An RSA key that unwraps the keys of encrypted assertions. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct DecryptionKey(Arc<OaepPrivateDecryptingKey>);

impl DecryptionKey {
    /// From PKCS#8 (RFC 5208).
    ///
    /// # Errors
    /// If it is no RSA key of at least [`MIN_RSA_BITS`].
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        let key = PrivateDecryptingKey::from_pkcs8(der).map_err(|_| KeyError::PrivateKey)?;
        if key.key_size_bits() < MIN_RSA_BITS {
            return Err(KeyError::Kind);
        }
        Ok(Self(Arc::new(OaepPrivateDecryptingKey::new(key).map_err(|_| KeyError::PrivateKey)?)))
    }

    /// What was wrapped; `None` says nothing about why not.
    pub(crate) fn unwrap_key(&self, algorithm: &'static OaepAlgorithm, wrapped: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let mut plain = Zeroizing::new(vec![0; self.0.min_output_size()]);
        let length = self.0.decrypt(algorithm, wrapped, &mut plain, None).ok()?.len();
        plain.truncate(length);
        Some(plain)
    }
}

impl std::fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DecryptionKey(..)")
    }
}
