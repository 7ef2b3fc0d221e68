//! Our own private keys: making, keeping, signing. Never here: where a key is stored, when it is rolled.

use super::sign_sha1::sign_sha1;
use super::{Certificate, KeyError, KeyKind, MIN_RSA_BITS, PublicKey};
use crate::encoded;
use crate::signature::SignatureAlgorithm;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RsaKeyPair,
};
use std::sync::Arc;
use zeroize::Zeroizing;

/// A private key, parsed once and shared by clones. `Debug` shows its kind only.
#[derive(Clone)]
pub struct SigningKey {
    kind: KeyKind,
    pair: Arc<Pair>,
}

enum Pair {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
}

impl SigningKey {
    /// A new key (RSA of 2048 bits) from the cryptographic library's own randomness.
    ///
    /// # Errors
    /// Only if the library fails.
    pub fn generate(kind: KeyKind) -> Result<Self, KeyError> {
        let failed = |_| KeyError::Crypto("key generation");
        let pair = match kind {
            KeyKind::Rsa => Pair::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).map_err(failed)?),
            KeyKind::P256 => Pair::Ec(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(failed)?),
            KeyKind::P384 => Pair::Ec(EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).map_err(failed)?),
        };
        Ok(Self { kind, pair: Arc::new(pair) })
    }

    /// From PKCS#8 (RFC 5208).
    ///
    /// # Errors
    /// If it is no such key of a [`KeyKind`], or a weak one.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        let (kind, pair) = if let Ok(pair) = RsaKeyPair::from_pkcs8(der) {
            (KeyKind::Rsa, Pair::Rsa(pair))
        } else if let Ok(pair) = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der) {
            (KeyKind::P256, Pair::Ec(pair))
        } else if let Ok(pair) = EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, der) {
            (KeyKind::P384, Pair::Ec(pair))
        } else {
            return Err(KeyError::PrivateKey);
        };
        match &pair {
            Pair::Rsa(rsa) if rsa.public_modulus_len() * 8 < MIN_RSA_BITS => Err(KeyError::Kind),
            _ => Ok(Self { kind, pair: Arc::new(pair) }),
        }
    }

    /// From PEM as it is pasted: PKCS#8 (`BEGIN PRIVATE KEY`) or, of RSA, PKCS#1 (`BEGIN RSA PRIVATE KEY`); not encrypted.
    ///
    /// # Errors
    /// As [`Self::from_pkcs8`].
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let between = |label: &str| {
            let (_, rest) = text.split_once(&format!("-----BEGIN {label}-----"))?;
            let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
            encoded::decode(body).map(Zeroizing::new)
        };
        if let Some(der) = between("PRIVATE KEY") {
            return Self::from_pkcs8(&der);
        }
        let der = between("RSA PRIVATE KEY").ok_or(KeyError::PrivateKey)?;
        let pair = RsaKeyPair::from_der(&der).map_err(|_| KeyError::PrivateKey)?;
        if pair.public_modulus_len() * 8 < MIN_RSA_BITS {
            return Err(KeyError::Kind);
        }
        Ok(Self { kind: KeyKind::Rsa, pair: Arc::new(Pair::Rsa(pair)) })
    }

    /// The private key as PKCS#8, to be encrypted and kept. Wiped from memory when dropped.
    ///
    /// # Errors
    /// Only if the library fails.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let failed = |_| KeyError::Crypto("writing PKCS#8");
        let der = match &*self.pair {
            Pair::Rsa(pair) => AsDer::<Pkcs8V1Der<'_>>::as_der(pair).map_err(failed)?.as_ref().to_vec(),
            Pair::Ec(pair) => pair.to_pkcs8v1().map_err(failed)?.as_ref().to_vec(),
        };
        Ok(Zeroizing::new(der))
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The public half.
    ///
    /// # Errors
    /// Only if the library fails.
    pub fn public_key(&self) -> Result<PublicKey, KeyError> {
        let failed = |_| KeyError::Crypto("writing the public key");
        let spki = match &*self.pair {
            Pair::Rsa(pair) => AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()).map_err(failed)?,
            Pair::Ec(pair) => AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()).map_err(failed)?,
        };
        PublicKey::from_spki(spki.as_ref())
    }

    /// The public half without its algorithm: PKCS#1 for RSA, the uncompressed point for a curve.
    pub(super) fn public_bytes(&self) -> &[u8] {
        match &*self.pair {
            Pair::Rsa(pair) => pair.public_key().as_ref(),
            Pair::Ec(pair) => pair.public_key().as_ref(),
        }
    }

    /// Whether the certificate is of this key.
    ///
    /// # Errors
    /// [`KeyError::Mismatch`] if it is of another one.
    pub fn belongs_to(&self, certificate: &Certificate) -> Result<(), KeyError> {
        if self.public_key()? == *certificate.key() { Ok(()) } else { Err(KeyError::Mismatch) }
    }

    /// The algorithm that it signs with unless another one is chosen.
    #[must_use]
    pub const fn usual_algorithm(&self) -> SignatureAlgorithm {
        match self.kind {
            KeyKind::Rsa => SignatureAlgorithm::RsaSha256,
            KeyKind::P256 => SignatureAlgorithm::EcdsaSha256,
            KeyKind::P384 => SignatureAlgorithm::EcdsaSha384,
        }
    }

    /// The signature over the message; of a curve as two numbers of fixed length (XML Signature 1.1 section 6.4.3).
    ///
    /// # Errors
    /// An algorithm of another kind of key, or a failure of the library.
    pub fn sign(&self, algorithm: SignatureAlgorithm, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let failed = |_| KeyError::Crypto("signing");
        let random = SystemRandom::new();
        match (&*self.pair, self.kind, algorithm) {
            (Pair::Rsa(_), _, SignatureAlgorithm::RsaSha1) => sign_sha1(&self.to_pkcs8()?, message),
            (Pair::Rsa(pair), _, algorithm) => {
                let encoding = match algorithm {
                    SignatureAlgorithm::RsaSha256 => &RSA_PKCS1_SHA256,
                    SignatureAlgorithm::RsaSha384 => &RSA_PKCS1_SHA384,
                    SignatureAlgorithm::RsaSha512 => &RSA_PKCS1_SHA512,
                    _ => return Err(KeyError::Algorithm),
                };
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(encoding, &random, message, &mut signature).map_err(failed)?;
                Ok(signature)
            }
            (Pair::Ec(pair), KeyKind::P256, SignatureAlgorithm::EcdsaSha256)
            | (Pair::Ec(pair), KeyKind::P384, SignatureAlgorithm::EcdsaSha384) => {
                Ok(pair.sign(&random, message).map_err(failed)?.as_ref().to_vec())
            }
            _ => Err(KeyError::Algorithm),
        }
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("kind", &self.kind).finish_non_exhaustive()
    }
}
