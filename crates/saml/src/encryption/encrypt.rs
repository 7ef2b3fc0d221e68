//! Encrypting an assertion to a service provider.

use super::{ContentCipher, KeyTransport};
use crate::encoded;
use crate::key::{KeyError, KeyKind, PublicKey};
use crate::message::MessageError;
use crate::xml::{DS, SAML, Writer, XENC, XENC11};
use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{AES_128, AES_256, EncryptionContext, PaddedBlockEncryptingKey, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::rsa::{OaepPublicEncryptingKey, PublicEncryptingKey};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Fresh random bytes for one assertion. Never to be used twice.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct EncryptionRandom {
    /// The content's key; a shorter one is taken from its beginning.
    pub key: [u8; 32],
    /// The initialization vector; a shorter one is taken from its beginning.
    pub iv: [u8; 16],
}

impl std::fmt::Debug for EncryptionRandom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EncryptionRandom(..)")
    }
}

/// The `saml:EncryptedAssertion`, in canonical form.
pub(crate) fn encrypt(
    assertion: &str,
    to: &PublicKey,
    cipher: ContentCipher,
    transport: KeyTransport,
    random: &EncryptionRandom,
) -> Result<String, MessageError> {
    if to.kind() != KeyKind::Rsa {
        return Err(MessageError::Recipient);
    }
    let failed = || KeyError::Crypto("encrypting");
    let key = random.key.get(..cipher.key_len()).unwrap_or_default();
    let content = encrypted(assertion.as_bytes(), cipher, key, &random.iv).ok_or_else(failed)?;
    let wrapped = wrap(key, to, transport).ok_or_else(failed)?;
    Ok(write(cipher, transport, &encoded::encode(&wrapped), &encoded::encode(&content))?)
}

/// The vector, then the ciphertext (XML Encryption 1.1 sections 5.2.2 and 5.2.4).
fn encrypted(plain: &[u8], cipher: ContentCipher, key: &[u8], iv: &[u8; 16]) -> Option<Vec<u8>> {
    let mut text = plain.to_vec();
    let vector = if cipher.is_authenticated() { iv.get(..12)? } else { &iv[..] };
    match cipher {
        ContentCipher::Aes128Gcm | ContentCipher::Aes256Gcm => {
            let algorithm = if cipher == ContentCipher::Aes128Gcm { &AES_128_GCM } else { &AES_256_GCM };
            let key = LessSafeKey::new(UnboundKey::new(algorithm, key).ok()?);
            let nonce = Nonce::try_assume_unique_for_key(vector).ok()?;
            key.seal_in_place_append_tag(nonce, Aad::empty(), &mut text).ok()?;
        }
        ContentCipher::Aes128Cbc | ContentCipher::Aes256Cbc => {
            let algorithm = if cipher == ContentCipher::Aes128Cbc { &AES_128 } else { &AES_256 };
            let key = PaddedBlockEncryptingKey::cbc_pkcs7(UnboundCipherKey::new(algorithm, key).ok()?).ok()?;
            key.less_safe_encrypt(&mut text, EncryptionContext::Iv128(FixedLength::from(iv))).ok()?;
        }
    }
    Some([vector, &text].concat())
}

fn wrap(key: &[u8], to: &PublicKey, transport: KeyTransport) -> Option<Vec<u8>> {
    let to = OaepPublicEncryptingKey::new(PublicEncryptingKey::from_der(to.spki()).ok()?).ok()?;
    let mut wrapped = vec![0; to.ciphertext_size()];
    let length = to.encrypt(transport.algorithm(), key, &mut wrapped, None).ok()?.len();
    wrapped.truncate(length);
    Some(wrapped)
}

fn write(
    cipher: ContentCipher,
    transport: KeyTransport,
    wrapped: &str,
    content: &str,
) -> Result<String, crate::xml::WriteError> {
    let mut to = Writer::new();
    to.open(SAML, "EncryptedAssertion", &[]);
    to.open(XENC, "EncryptedData", &[("Type", Some("http://www.w3.org/2001/04/xmlenc#Element"))]);
    to.leaf(XENC, "EncryptionMethod", &[("Algorithm", Some(cipher.uri()))], "");
    to.open(DS, "KeyInfo", &[]).open(XENC, "EncryptedKey", &[]);
    let (digest, mask) = transport.parameters();
    to.open(XENC, "EncryptionMethod", &[("Algorithm", Some(transport.uri()))]);
    to.leaf(DS, "DigestMethod", &[("Algorithm", Some(digest))], "");
    if let Some(mask) = mask {
        to.leaf(XENC11, "MGF", &[("Algorithm", Some(mask))], "");
    }
    to.close().open(XENC, "CipherData", &[]).leaf(XENC, "CipherValue", &[], wrapped).close();
    to.close().close().open(XENC, "CipherData", &[]).leaf(XENC, "CipherValue", &[], content);
    to.finish()
}
