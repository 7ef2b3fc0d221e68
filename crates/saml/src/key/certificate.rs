//! Reading X.509 certificates: the key inside, and what an administrator wants to see of them. Never here: chains and
//! trust. In SAML a certificate is a wrapper of a key that somebody chose to trust (metadata interoperability profile);
//! its dates only warn.

use super::{KeyError, PublicKey};
use crate::encoded;
use x509_cert::der::{Decode as _, Encode as _};

/// The most bytes of a certificate.
const MAX_BYTES: usize = 64 * 1024;

/// A certificate that was read.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    key: PublicKey,
    subject: String,
    not_before_s: i64,
    not_after_s: i64,
}

impl Certificate {
    /// From DER (RFC 5280 section 4.1).
    ///
    /// # Errors
    /// If it is no certificate, or of a key that is not spoken.
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        if der.len() > MAX_BYTES {
            return Err(KeyError::Certificate);
        }
        let certificate = x509_cert::Certificate::from_der(der).map_err(|_| KeyError::Certificate)?;
        let content = certificate.tbs_certificate();
        let spki = content.subject_public_key_info().to_der().map_err(|_| KeyError::Certificate)?;
        let seconds =
            |time: x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
        Ok(Self {
            key: PublicKey::from_spki(&spki)?,
            subject: content.subject().to_string(),
            not_before_s: seconds(content.validity().not_before),
            not_after_s: seconds(content.validity().not_after),
            der: der.to_vec(),
        })
    }

    /// From what people paste: PEM, or the base64 of the DER form as metadata has it, with any white space.
    ///
    /// # Errors
    /// As [`Self::from_der`]. A text with several certificates is refused.
    pub fn from_text(text: &str) -> Result<Self, KeyError> {
        const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
        if text.len() > 2 * MAX_BYTES {
            return Err(KeyError::Certificate);
        }
        let body = match text.split_once(BEGIN) {
            Some((_, rest)) if rest.contains(BEGIN) => return Err(KeyError::Certificate),
            Some((_, rest)) => rest.split_once("-----END CERTIFICATE-----").ok_or(KeyError::Certificate)?.0,
            None => text,
        };
        Self::from_der(&encoded::decode(body).ok_or(KeyError::Certificate)?)
    }

    /// Its DER form.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The base64 of its DER form, as metadata and signatures carry it.
    #[must_use]
    pub fn to_base64(&self) -> String {
        encoded::encode(&self.der)
    }

    /// Its PEM form (RFC 7468).
    #[must_use]
    pub fn to_pem(&self) -> String {
        let body = self.to_base64();
        let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
        for (at, c) in body.chars().enumerate() {
            if at > 0 && at % 64 == 0 {
                pem.push('\n');
            }
            pem.push(c);
        }
        pem.push_str("\n-----END CERTIFICATE-----\n");
        pem
    }

    /// The key that it is about.
    #[must_use]
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Whom it names, as RFC 4514 writes it. For people to read.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// From when it is valid, in seconds since 1970.
    #[must_use]
    pub fn not_before_s(&self) -> i64 {
        self.not_before_s
    }

    /// Until when it is valid, in seconds since 1970.
    #[must_use]
    pub fn not_after_s(&self) -> i64 {
        self.not_after_s
    }

    /// The SHA-256 of its DER form, by which people compare certificates.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(crate::signature::DigestAlgorithm::Sha256.of(&self.der).as_ref());
        fingerprint
    }
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Certificate").field("subject", &self.subject).finish_non_exhaustive()
    }
}
