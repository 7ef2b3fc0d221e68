//! Making a self-signed certificate around a key of ours. Dates and serial number are passed in. Never here: authorities.

use super::{Certificate, KeyError, KeyKind, SigningKey};
use rcgen::{CertificateParams, DistinguishedName, DnType, IsCa, KeyIdMethod, KeyUsagePurpose, SerialNumber};
use time::OffsetDateTime;

/// What stands in the certificate.
#[derive(Clone, Copy, Debug)]
pub struct SelfSigned<'a> {
    /// The common name, usually the organization's.
    pub common_name: &'a str,
    /// From when it is valid, in seconds since 1970.
    pub not_before_s: i64,
    /// Until when it is valid, in seconds since 1970.
    pub not_after_s: i64,
    /// Random bytes for the serial number.
    pub serial: [u8; 16],
}

/// A certificate of the key, signed by itself (RFC 5280).
///
/// # Errors
/// Dates outside the years 1950 to 9999, or a failure of the library.
pub fn self_signed(key: &SigningKey, content: &SelfSigned<'_>) -> Result<Certificate, KeyError> {
    let date = |seconds| OffsetDateTime::from_unix_timestamp(seconds).map_err(|_| KeyError::Crypto("dates"));
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, content.common_name);
    let mut serial = content.serial;
    // Positive and of full length (RFC 5280 section 4.1.2.2).
    serial[0] = serial[0] & 0x7F | 0x40;
    let mut params = CertificateParams::default();
    params.distinguished_name = name;
    params.not_before = date(content.not_before_s)?;
    params.not_after = date(content.not_after_s)?;
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
    params.key_identifier_method = KeyIdMethod::PreSpecified(content.serial.to_vec());
    let signer = Signer(key);
    let made = params.self_signed(&signer).map_err(|_| KeyError::Crypto("writing the certificate"))?;
    Certificate::from_der(made.der())
}

/// Our key as the certificate writer knows keys.
struct Signer<'a>(&'a SigningKey);

impl rcgen::PublicKeyData for Signer<'_> {
    fn der_bytes(&self) -> &[u8] {
        self.0.public_bytes()
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        match self.0.kind() {
            KeyKind::Rsa => &rcgen::PKCS_RSA_SHA256,
            KeyKind::P256 => &rcgen::PKCS_ECDSA_P256_SHA256,
            KeyKind::P384 => &rcgen::PKCS_ECDSA_P384_SHA384,
        }
    }
}

impl rcgen::SigningKey for Signer<'_> {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let signature = self.0.sign(self.0.usual_algorithm(), message).map_err(|_| rcgen::Error::RemoteKeyError)?;
        match self.0.kind() {
            KeyKind::Rsa => Ok(signature),
            // A certificate has the two numbers as an ASN.1 sequence (RFC 5480), XML has them side by side.
            KeyKind::P256 | KeyKind::P384 => Ok(sequence_of_two(&signature)),
        }
    }
}

/// `SEQUENCE { r INTEGER, s INTEGER }` of two numbers of equal length. Both fit short lengths (at most 49 bytes each).
fn sequence_of_two(fixed: &[u8]) -> Vec<u8> {
    let (r, s) = fixed.split_at(fixed.len() / 2);
    let mut body = integer(r);
    body.extend(integer(s));
    let mut sequence = vec![0x30, u8::try_from(body.len()).unwrap_or(u8::MAX)];
    sequence.append(&mut body);
    sequence
}

fn integer(number: &[u8]) -> Vec<u8> {
    let from = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
    let digits = number.get(from..).unwrap_or_default();
    let mut bytes = if digits.first().is_none_or(|first| *first > 0x7F) { vec![0] } else { Vec::new() };
    bytes.extend_from_slice(digits);
    let mut integer = vec![0x02, u8::try_from(bytes.len()).unwrap_or(u8::MAX)];
    integer.append(&mut bytes);
    integer
}
