//! Our own decryption keys: making, keeping, undoing what the sender did to the content key. Never here: where a key is
//! stored.

use crate::key::{KeyError, ec_jwk};
use crate::public_key::point;
use crate::{Enc, Jwk, KeyAlg, MIN_RSA_BITS, encode, shared_key};
use aws_lc_rs::agreement::{self, ECDH_P256, PrivateKey, UnparsedPublicKey};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::key_wrap::{AES_256, AesKek, KeyWrap as _};
use aws_lc_rs::rsa::{KeySize, OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use aws_lc_rs::signature::{KeyPair as _, RsaKeyPair};
use std::sync::Arc;
use zeroize::Zeroizing;

/// A private key to which others encrypt: RSA of 2048 bits, or P-256. `Debug` shows the name only.
#[derive(Clone)]
pub struct DecryptionKey {
    jwk: Arc<Jwk>,
    pair: Arc<Pair>,
}

enum Pair {
    Rsa(PrivateDecryptingKey),
    P256(PrivateKey),
}

/// How the sender's half of an agreement and the parties' names come.
pub(crate) struct Agreement<'a> {
    pub epk: Option<&'a Jwk>,
    pub apu: &'a [u8],
    pub apv: &'a [u8],
}

impl DecryptionKey {
    /// A new key that fits the algorithm, from the cryptographic library's own randomness.
    ///
    /// # Errors
    /// Only if the library fails.
    pub fn generate(alg: KeyAlg) -> Result<Self, KeyError> {
        let failed = |_| KeyError::Crypto("key generation");
        let pair = match alg {
            KeyAlg::RsaOaep256 => Pair::Rsa(PrivateDecryptingKey::generate(KeySize::Rsa2048).map_err(failed)?),
            KeyAlg::EcdhEs | KeyAlg::EcdhEsA256Kw => Pair::P256(PrivateKey::generate(&ECDH_P256).map_err(failed)?),
        };
        Self::with_pair(pair)
    }

    /// A key that was kept with [`Self::to_pkcs8`].
    ///
    /// # Errors
    /// Bytes that are no such key, or a weak key.
    pub fn from_pkcs8(bytes: &[u8]) -> Result<Self, KeyError> {
        let refused = |_| KeyError::Crypto("reading a decryption key");
        let pair = match PrivateKey::from_private_key_der(&ECDH_P256, bytes) {
            Ok(key) => Pair::P256(key),
            Err(_) => Pair::Rsa(PrivateDecryptingKey::from_pkcs8(bytes).map_err(refused)?),
        };
        Self::with_pair(pair)
    }

    fn with_pair(pair: Pair) -> Result<Self, KeyError> {
        let failed = |_| KeyError::Crypto("public key");
        let mut jwk = match &pair {
            Pair::Rsa(key) => {
                if key.key_size_bits() < MIN_RSA_BITS {
                    return Err(KeyError::WeakRsa(key.key_size_bits()));
                }
                let bytes = AsDer::<Pkcs8V1Der<'_>>::as_der(key).map_err(failed)?;
                let same = RsaKeyPair::from_pkcs8(bytes.as_ref()).map_err(|_| KeyError::Crypto("public key"))?;
                let (n, e) = (same.public_key().modulus(), same.public_key().exponent());
                Jwk {
                    kty: "RSA".to_owned(),
                    n: Some(encode(n.big_endian_without_leading_zero())),
                    e: Some(encode(e.big_endian_without_leading_zero())),
                    ..Jwk::default()
                }
            }
            Pair::P256(key) => ec_jwk("P-256", key.compute_public_key().map_err(failed)?.as_ref())?,
        };
        jwk.kid = Some(jwk.thumbprint().ok_or(KeyError::Crypto("thumbprint"))?);
        jwk.usage = Some("enc".to_owned());
        Ok(Self { jwk: Arc::new(jwk), pair: Arc::new(pair) })
    }

    /// The private key as PKCS#8, to be encrypted and kept. Wiped from memory when dropped.
    ///
    /// # Errors
    /// Only if the library fails.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let failed = |_| KeyError::Crypto("writing PKCS#8");
        let bytes = match &*self.pair {
            Pair::Rsa(key) => AsDer::<Pkcs8V1Der<'_>>::as_der(key).map_err(failed)?.as_ref().to_vec(),
            Pair::P256(key) => AsDer::<Pkcs8V1Der<'_>>::as_der(key).map_err(failed)?.as_ref().to_vec(),
        };
        Ok(Zeroizing::new(bytes))
    }

    /// The name of the key: its RFC 7638 thumbprint.
    #[must_use]
    pub fn kid(&self) -> &str {
        self.jwk.kid.as_deref().unwrap_or_default()
    }

    /// The public half with `kid` and `use`. It names no `alg`: a P-256 key serves both kinds of agreement.
    #[must_use]
    pub fn public_jwk(&self) -> Jwk {
        (*self.jwk).clone()
    }

    /// The content key, where the sender's way of wrapping it fits this key; nothing tells which step failed.
    pub(crate) fn content_key(
        &self,
        alg: KeyAlg,
        enc: Enc,
        wrapped: &[u8],
        agreement: &Agreement<'_>,
    ) -> Option<Zeroizing<Vec<u8>>> {
        let key = match (&*self.pair, alg) {
            (Pair::Rsa(key), KeyAlg::RsaOaep256) => {
                let key = OaepPrivateDecryptingKey::new(key.clone()).ok()?;
                let mut out = Zeroizing::new(vec![0; key.min_output_size()]);
                let plain = key.decrypt(&OAEP_SHA256_MGF1SHA256, wrapped, &mut out, None).ok()?;
                Zeroizing::new(plain.to_vec())
            }
            (Pair::P256(own), KeyAlg::EcdhEs | KeyAlg::EcdhEsA256Kw) => {
                let agreed = agree(own, alg, enc, agreement)?;
                match alg {
                    KeyAlg::EcdhEsA256Kw => unwrap(&agreed, wrapped)?,
                    // RFC 7516 section 5.2 step 10: with direct agreement the key's part is empty.
                    _ if !wrapped.is_empty() => return None,
                    _ => agreed,
                }
            }
            _ => return None,
        };
        (key.len() == enc.key_bytes()).then_some(key)
    }
}

/// The sender's point has to be on P-256 (invalid curve attack); aws-lc refuses any other.
fn agree(own: &PrivateKey, alg: KeyAlg, enc: Enc, agreement: &Agreement<'_>) -> Option<Zeroizing<Vec<u8>>> {
    let epk = agreement.epk.filter(|epk| epk.kty == "EC" && epk.crv.as_deref() == Some("P-256"))?;
    let theirs = UnparsedPublicKey::new(&ECDH_P256, point(epk, 32).ok()?);
    agreement::agree(own, theirs, (), |z| Ok(shared_key::derive(z, alg, enc, agreement.apu, agreement.apv))).ok()
}

fn unwrap(kek: &[u8], wrapped: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut out = Zeroizing::new(vec![0; wrapped.len().checked_sub(8)?]);
    let length = AesKek::new(&AES_256, kek).ok()?.unwrap(wrapped, &mut out).ok()?.len();
    out.truncate(length);
    Some(out)
}

impl std::fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DecryptionKey").field("kid", &self.kid()).finish_non_exhaustive()
    }
}
