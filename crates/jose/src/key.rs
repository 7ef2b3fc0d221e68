//! Our own signing keys: making, keeping, signing. Never here: where a key is stored or when it is rotated.

use crate::{Alg, Jwk, MIN_RSA_BITS, encode};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
    RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair,
};
use serde::Serialize;
use std::sync::Arc;
use zeroize::Zeroizing;

/// A private key with its algorithm, ready to sign: parsed once, shared by clones. `Debug` shows the name only.
#[derive(Clone)]
pub struct SigningKey {
    alg: Alg,
    jwk: Arc<Jwk>,
    kid: Arc<str>,
    pair: Arc<Pair>,
}

enum Pair {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// What can go wrong with a key of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The cryptographic library failed to make or write a key, or to sign.
    #[error("the cryptographic library failed: {0}")]
    Crypto(&'static str),
    /// The bytes are no PKCS#8 private key for this algorithm.
    #[error("not a PKCS#8 private key for {0}")]
    NotAKey(Alg),
    /// An RSA key below [`MIN_RSA_BITS`].
    #[error("the RSA key has {0} bits; at least {MIN_RSA_BITS} are required")]
    WeakRsa(usize),
    /// The key was kept under a name that is not its thumbprint: rows were mixed up.
    #[error("the key's thumbprint is {actual}, but it was kept as {expected}")]
    Kid {
        /// The name it was kept under.
        expected: String,
        /// Its thumbprint.
        actual: String,
    },
    /// The claims cannot be written as JSON, or are no object.
    #[error("the claims cannot be written as a JSON object")]
    Claims,
}

impl SigningKey {
    /// A new key: RSA of 2048 bits, P-256, P-384 or Ed25519, from the cryptographic library's own randomness.
    ///
    /// # Errors
    /// Only if the library fails.
    pub fn generate(alg: Alg) -> Result<Self, KeyError> {
        let failed = |_| KeyError::Crypto("key generation");
        let pair = match alg {
            Alg::RS256 | Alg::PS256 => Pair::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).map_err(failed)?),
            Alg::ES256 => Pair::P256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(failed)?),
            Alg::ES384 => Pair::P384(EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).map_err(failed)?),
            Alg::EdDsa => Pair::Ed25519(Ed25519KeyPair::generate().map_err(failed)?),
        };
        Self::with_pair(alg, pair)
    }

    /// A key that was kept with [`Self::to_pkcs8`] (PKCS#8, RFC 5208), under its name.
    ///
    /// # Errors
    /// Bytes that are no such key, a weak key, or a name that is not the key's thumbprint.
    pub fn from_pkcs8(alg: Alg, kid: &str, bytes: &[u8]) -> Result<Self, KeyError> {
        let key = Self::read_pkcs8(alg, bytes)?;
        if &*key.kid == kid {
            Ok(key)
        } else {
            Err(KeyError::Kid { expected: kid.to_owned(), actual: key.kid.to_string() })
        }
    }

    /// A key that somebody else gave out (PKCS#8), under the name that they gave it: a service account's.
    ///
    /// # Errors
    /// Bytes that are no such key, or a weak key.
    pub fn given(alg: Alg, kid: &str, bytes: &[u8]) -> Result<Self, KeyError> {
        let key = Self::read_pkcs8(alg, bytes)?;
        let mut jwk = (*key.jwk).clone();
        jwk.kid = Some(kid.to_owned());
        Ok(Self { jwk: Arc::new(jwk), kid: kid.into(), ..key })
    }

    fn read_pkcs8(alg: Alg, bytes: &[u8]) -> Result<Self, KeyError> {
        let not_a_key = |_| KeyError::NotAKey(alg);
        let pair = match alg {
            Alg::RS256 | Alg::PS256 => Pair::Rsa(RsaKeyPair::from_pkcs8(bytes).map_err(not_a_key)?),
            Alg::ES256 => {
                Pair::P256(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, bytes).map_err(not_a_key)?)
            }
            Alg::ES384 => {
                Pair::P384(EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, bytes).map_err(not_a_key)?)
            }
            Alg::EdDsa => Pair::Ed25519(Ed25519KeyPair::from_pkcs8(bytes).map_err(not_a_key)?),
        };
        Self::with_pair(alg, pair)
    }

    fn with_pair(alg: Alg, pair: Pair) -> Result<Self, KeyError> {
        let mut jwk = public_part(&pair)?;
        let kid = jwk.thumbprint().ok_or(KeyError::Crypto("thumbprint"))?;
        jwk.kid = Some(kid.clone());
        jwk.usage = Some("sig".to_owned());
        jwk.alg = Some(alg.name().to_owned());
        Ok(Self { alg, jwk: Arc::new(jwk), kid: kid.into(), pair: Arc::new(pair) })
    }

    /// The private key as PKCS#8, to be encrypted and kept. Wiped from memory when dropped.
    ///
    /// # Errors
    /// Only if the library fails.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let failed = |_| KeyError::Crypto("writing PKCS#8");
        let bytes = match &*self.pair {
            Pair::Rsa(pair) => AsDer::<Pkcs8V1Der<'_>>::as_der(pair).map_err(failed)?.as_ref().to_vec(),
            Pair::P256(pair) | Pair::P384(pair) => pair.to_pkcs8v1().map_err(failed)?.as_ref().to_vec(),
            Pair::Ed25519(pair) => pair.to_pkcs8().map_err(failed)?.as_ref().to_vec(),
        };
        Ok(Zeroizing::new(bytes))
    }

    /// The name of the key: its RFC 7638 thumbprint (SHA-256, base64url).
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The algorithm it signs with.
    #[must_use]
    pub fn alg(&self) -> Alg {
        self.alg
    }

    /// The public half, with `kid`, `use` and `alg`, as it stands in our key set.
    #[must_use]
    pub fn public_jwk(&self) -> Jwk {
        (*self.jwk).clone()
    }

    /// A compact JWS (RFC 7515 section 7.1) over the claims. `typ` as RFC 7515 section 4.1.9, such as `JWT` or
    /// `at+jwt`.
    ///
    /// # Errors
    /// Claims that are no JSON object, or a failure of the library.
    pub fn sign(&self, typ: Option<&str>, claims: &impl Serialize) -> Result<String, KeyError> {
        #[derive(Serialize)]
        struct Header<'a> {
            alg: Alg,
            #[serde(skip_serializing_if = "Option::is_none")]
            typ: Option<&'a str>,
            kid: &'a str,
        }
        let header = serde_json::to_vec(&Header { alg: self.alg, typ, kid: &self.kid });
        let payload = serde_json::to_vec(claims).map_err(|_| KeyError::Claims)?;
        if payload.first() != Some(&b'{') {
            return Err(KeyError::Claims);
        }
        let mut token = encode(&header.map_err(|_| KeyError::Claims)?);
        token.push('.');
        token.push_str(&encode(&payload));
        let signature = self.signature(token.as_bytes())?;
        token.push('.');
        token.push_str(&encode(&signature));
        Ok(token)
    }

    fn signature(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let failed = |_| KeyError::Crypto("signing");
        let random = SystemRandom::new();
        match &*self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let padding = if self.alg == Alg::PS256 { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
                pair.sign(padding, &random, message, &mut signature).map_err(failed)?;
                Ok(signature)
            }
            Pair::P256(pair) | Pair::P384(pair) => Ok(pair.sign(&random, message).map_err(failed)?.as_ref().to_vec()),
            Pair::Ed25519(pair) => Ok(pair.try_sign(message).map_err(failed)?.as_ref().to_vec()),
        }
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("alg", &self.alg).field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// The public members of the pair, without name or purpose.
fn public_part(pair: &Pair) -> Result<Jwk, KeyError> {
    let mut jwk = Jwk::default();
    match pair {
        Pair::Rsa(pair) => {
            let bits = pair.public_modulus_len() * 8;
            if bits < MIN_RSA_BITS {
                return Err(KeyError::WeakRsa(bits));
            }
            jwk.kty = "RSA".to_owned();
            jwk.n = Some(encode(pair.public_key().modulus().big_endian_without_leading_zero()));
            jwk.e = Some(encode(pair.public_key().exponent().big_endian_without_leading_zero()));
        }
        Pair::P256(pair) => jwk = ec_jwk("P-256", pair.public_key().as_ref())?,
        Pair::P384(pair) => jwk = ec_jwk("P-384", pair.public_key().as_ref())?,
        Pair::Ed25519(pair) => {
            jwk.kty = "OKP".to_owned();
            jwk.crv = Some("Ed25519".to_owned());
            jwk.x = Some(encode(pair.public_key().as_ref()));
        }
    }
    Ok(jwk)
}

/// The public key of an uncompressed point: 0x04, then the coordinates, of the same length each.
pub(crate) fn ec_jwk(crv: &str, point: &[u8]) -> Result<Jwk, KeyError> {
    let both = point.strip_prefix(&[0x04]).ok_or(KeyError::Crypto("public key"))?;
    let (x, y) = both.split_at(both.len() / 2);
    Ok(Jwk {
        kty: "EC".to_owned(),
        crv: Some(crv.to_owned()),
        x: Some(encode(x)),
        y: Some(encode(y)),
        ..Jwk::default()
    })
}
