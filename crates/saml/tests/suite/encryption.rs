//! Encrypted assertions, there and back, and what must not be read.

use super::*;
use muster_saml::encryption::{ContentCipher, EncryptionRandom, KeyTransport};
use muster_saml::key::DecryptionKey;

static DECRYPTION: LazyLock<DecryptionKey> =
    LazyLock::new(|| DecryptionKey::from_pkcs8(&OTHER.key.to_pkcs8().unwrap()).unwrap());

fn random() -> EncryptionRandom {
    EncryptionRandom { key: [7; 32], iv: [9; 16] }
}

fn encrypted(style: (bool, bool), cipher: ContentCipher, transport: KeyTransport) -> String {
    let to = OTHER.public();
    response_by(&RSA, style.0, style.1, Some(Encrypt { to: &to, cipher, transport, random: &random() }))
}

fn with_key(allow_cbc: bool) -> Expected<'static> {
    Expected { decryption: Some(&DECRYPTION), allow_cbc, ..expected() }
}

#[test]
fn every_cipher_and_transport_is_read_back() {
    for cipher in ContentCipher::ALL {
        for transport in [KeyTransport::OaepSha1, KeyTransport::OaepSha256] {
            for style in [(true, false), (false, true), (true, true)] {
                let xml = encrypted(style, cipher, transport);
                assert!(!xml.contains("zoe@example.com"));
                let accepted = read(&received(&xml), &with_key(true)).unwrap();
                assert!(accepted.was_encrypted);
                assert_eq!(accepted.signed_in.name_id.value, "zoe@example.com");
            }
        }
    }
}

#[test]
fn a_cipher_without_authentication_is_read_only_where_it_is_allowed() {
    let xml = encrypted((true, true), ContentCipher::Aes256Cbc, KeyTransport::OaepSha1);
    assert_eq!(read(&received(&xml), &with_key(false)).unwrap_err(), Refusal::Decryption);
}

#[test]
fn failures_of_decryption_cannot_be_told_apart() {
    let xml = encrypted((true, false), ContentCipher::Aes256Gcm, KeyTransport::OaepSha1);
    let value = |at: usize| {
        let start = xml.match_indices("<xenc:CipherValue>").nth(at).unwrap().0;
        cut(&xml[start..], "<xenc:CipherValue>", "</xenc:CipherValue>").to_owned()
    };
    let spoil = |value: &str| {
        let mut bytes = value.to_owned().into_bytes();
        bytes[30] = if bytes[30] == b'A' { b'B' } else { b'A' };
        String::from_utf8(bytes).unwrap()
    };
    let cases = [
        xml.replace(&value(0), &spoil(&value(0))),
        xml.replace(&value(1), &spoil(&value(1))),
        xml.replace(&value(1), "<xenc:CipherValue>AAAA</xenc:CipherValue>"),
        xml.replace("xmlenc11#aes256-gcm", "xmlenc11#aes128-gcm"),
        xml.replace("rsa-oaep-mgf1p", "rsa-1_5"),
        xml.replace("xmldsig#sha1", "xmldsig#md5"),
    ];
    for case in cases {
        assert_ne!(case, xml);
        assert_eq!(read(&received(&case), &with_key(true)).unwrap_err(), Refusal::Decryption);
    }
    // Nor from not having a key.
    assert_eq!(accept(&xml).unwrap_err(), Refusal::Decryption);
}

#[test]
fn encrypted_assertion_injection_is_refused() {
    // Anybody can encrypt to us: an unsigned assertion, encrypted, in an unsigned response.
    let to = OTHER.public();
    let how =
        Encrypt { to: &to, cipher: ContentCipher::Aes256Gcm, transport: KeyTransport::OaepSha1, random: &random() };
    let foreign = response_by(&P256, true, false, Some(how));
    let with = with_key(true);
    assert!(matches!(read(&received(&foreign), &with).unwrap_err(), Refusal::Signature(_)));
    // Put into a response whose signature is right, but over something else.
    let good = response(false, true);
    let injected = cut(&foreign, "<saml:EncryptedAssertion ", "</saml:EncryptedAssertion>");
    let assertion = cut(&good, "<saml:Assertion ", "</saml:Assertion>");
    for xml in [good.replace(assertion, injected), good.replace(assertion, &format!("{assertion}{injected}"))] {
        assert!(read(&received(&xml), &with).is_err());
    }
    // In a response that is signed, the unsigned assertion that was encrypted before signing is covered.
    let covered = encrypted((false, true), ContentCipher::Aes256Gcm, KeyTransport::OaepSha1);
    assert!(read(&received(&covered), &with).is_ok());
    let stripped = covered.replace(cut(&covered, "<ds:Signature ", "</ds:Signature>"), "");
    assert_eq!(read(&received(&stripped), &with).unwrap_err(), Refusal::Unsigned);
}

#[test]
fn only_rsa_can_be_encrypted_to() {
    let to = P256.public();
    let random = random();
    let how = Encrypt { to: &to, cipher: ContentCipher::Aes256Gcm, transport: KeyTransport::OaepSha1, random: &random };
    let response = OutgoingResponse {
        header: header(),
        in_response_to: None,
        status: Status::success(),
        assertion: Some(assertion(&[])),
    };
    let security = Security { signer: &RSA.signer(), sign_assertion: true, sign_response: true, encrypt: Some(how) };
    assert_eq!(write(&response, &security).unwrap_err(), muster_saml::MessageError::Recipient);
}
