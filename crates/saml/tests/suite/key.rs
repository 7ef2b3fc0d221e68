//! Keys and certificates.

use super::*;
use muster_saml::key::{DecryptionKey, KeyError};
use muster_saml::signature::SignatureAlgorithm;

#[test]
fn a_self_signed_certificate_is_read_back() {
    for party in [&*RSA, &*P256, &*P384] {
        let certificate = &party.certificate;
        assert_eq!(certificate.not_before_s(), NOW_S);
        assert_eq!(certificate.not_after_s(), NOW_S + 86_400 * 365);
        assert!(certificate.subject().contains("Muster"), "{}", certificate.subject());
        assert_eq!(certificate.key().kind(), party.key.kind());
        party.key.belongs_to(certificate).unwrap();
        assert_eq!(OTHER.key.belongs_to(certificate).unwrap_err(), KeyError::Mismatch);
        for text in [certificate.to_pem(), certificate.to_base64(), format!("\n {} \r\n", certificate.to_base64())] {
            assert_eq!(&Certificate::from_text(&text).unwrap(), certificate);
        }
    }
}

#[test]
fn the_same_content_makes_the_same_rsa_certificate() {
    let content = SelfSigned { common_name: "x", not_before_s: NOW_S, not_after_s: NOW_S + 1, serial: [1; 16] };
    assert_eq!(self_signed(&RSA.key, &content).unwrap(), self_signed(&RSA.key, &content).unwrap());
}

#[test]
fn a_private_key_is_kept_and_found_again() {
    for party in [&*RSA, &*P256, &*P384] {
        let kept = party.key.to_pkcs8().unwrap();
        let found = SigningKey::from_pkcs8(&kept).unwrap();
        assert_eq!(found.kind(), party.key.kind());
        found.belongs_to(&party.certificate).unwrap();
    }
    assert_eq!(SigningKey::from_pkcs8(b"nonsense").unwrap_err(), KeyError::PrivateKey);
    assert!(DecryptionKey::from_pkcs8(&RSA.key.to_pkcs8().unwrap()).is_ok());
    assert!(DecryptionKey::from_pkcs8(&P256.key.to_pkcs8().unwrap()).is_err());
}

#[test]
fn what_is_no_certificate_is_named_as_such() {
    let pem = RSA.certificate.to_pem();
    for text in ["", "x", "-----BEGIN CERTIFICATE-----", &pem[..200], &format!("{pem}{pem}"), &"A".repeat(200_000)] {
        assert_eq!(Certificate::from_text(text).unwrap_err(), KeyError::Certificate);
    }
}

#[test]
fn a_key_signs_with_its_own_algorithms_only() {
    for algorithm in SignatureAlgorithm::ALL {
        for party in [&*RSA, &*P256, &*P384] {
            match party.key.sign(algorithm, b"message") {
                Ok(signature) => {
                    assert!(party.public().verifies(algorithm, b"message", &signature));
                    assert!(!party.public().verifies(algorithm, b"massage", &signature));
                    assert!(!OTHER.public().verifies(algorithm, b"message", &signature));
                }
                Err(error) => assert_eq!(error, KeyError::Algorithm),
            }
        }
    }
    assert!(RSA.key.sign(SignatureAlgorithm::RsaSha512, b"m").is_ok());
    // It has to be chosen: nothing signs with it by itself.
    assert!(RSA.key.sign(SignatureAlgorithm::RsaSha1, b"m").is_ok());
    assert_eq!(RSA.key.usual_algorithm(), SignatureAlgorithm::RsaSha256);
}

#[test]
fn nothing_of_a_private_key_is_printed() {
    assert_eq!(format!("{:?}", RSA.key), "SigningKey { kind: Rsa, .. }");
    let key = DecryptionKey::from_pkcs8(&RSA.key.to_pkcs8().unwrap()).unwrap();
    assert_eq!(format!("{key:?}"), "DecryptionKey(..)");
}

#[test]
fn a_private_key_is_read_from_pem() {
    let pem = |label: &str, der: &[u8]| {
        let body = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, der);
        format!("Bag Attributes\n-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
    };
    for party in [&*RSA, &*P256] {
        let found = SigningKey::from_pem(&pem("PRIVATE KEY", &party.key.to_pkcs8().unwrap())).unwrap();
        found.belongs_to(&party.certificate).unwrap();
    }
    // PKCS#1 is what stands at the end of RSA's PKCS#8: 26 bytes of wrapping before it (RFC 5208).
    let pkcs8 = RSA.key.to_pkcs8().unwrap();
    SigningKey::from_pem(&pem("RSA PRIVATE KEY", &pkcs8[26..])).unwrap().belongs_to(&RSA.certificate).unwrap();
    for wrong in ["", "-----BEGIN PRIVATE KEY-----", &pem("ENCRYPTED PRIVATE KEY", &pkcs8), &pem("PRIVATE KEY", b"x")] {
        assert_eq!(SigningKey::from_pem(wrong).unwrap_err(), KeyError::PrivateKey, "{wrong}");
    }
}
