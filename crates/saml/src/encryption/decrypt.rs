//! Decrypting an assertion that was sent to us. Every failure is the same failure.

use super::{ContentCipher, KeyTransport};
use crate::encoded;
use crate::key::DecryptionKey;
use crate::xml::node::{self, child, required};
use crate::xml::{DS, Node, Text, XENC, XENC11};
use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{AES_128, AES_256, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;

/// The most wrapped keys that are tried: a sender may wrap for several recipients.
const MAX_WRAPPED: usize = 4;

/// What is inside a `saml:EncryptedAssertion`, as a text whose root holds the one element. `None` says nothing about why.
pub(crate) fn decrypt(encrypted: Node<'_, '_>, key: &DecryptionKey, allow_cbc: bool) -> Option<Text> {
    let data = required(encrypted, XENC, "EncryptedData").ok()?;
    let method = required(data, XENC, "EncryptionMethod").ok()?;
    let cipher = ContentCipher::from_uri(node::optional(method, "Algorithm")?)?;
    if !cipher.is_authenticated() && !allow_cbc {
        return None;
    }
    let mut content = cipher_value(data)?;
    // Inside the data's KeyInfo, or beside the data (SAML core section 2.3.4 permits both).
    let info = child(data, DS, "KeyInfo").ok()?;
    let inside = info.into_iter().flat_map(|info| node::children(info, XENC, "EncryptedKey"));
    let wrapped = inside.chain(node::children(encrypted, XENC, "EncryptedKey")).take(MAX_WRAPPED);
    let content_key = wrapped.filter_map(|wrapped| unwrap(wrapped, key)).find(|key| key.len() == cipher.key_len())?;
    let plain = decrypted(&mut content, cipher, &content_key)?;
    Text::fragment(plain, encrypted).ok()
}

fn unwrap(wrapped: Node<'_, '_>, key: &DecryptionKey) -> Option<zeroize::Zeroizing<Vec<u8>>> {
    let method = required(wrapped, XENC, "EncryptionMethod").ok()?;
    let parameter =
        |namespace, name| child(method, namespace, name).ok()?.and_then(|found| node::optional(found, "Algorithm"));
    let digest = parameter(DS, "DigestMethod");
    let transport =
        KeyTransport::from_parameters(node::optional(method, "Algorithm")?, digest, parameter(XENC11, "MGF"))?;
    key.unwrap_key(transport.algorithm(), &cipher_value(wrapped)?)
}

fn cipher_value(of: Node<'_, '_>) -> Option<Vec<u8>> {
    let data = required(of, XENC, "CipherData").ok()?;
    encoded::decode(node::text(required(data, XENC, "CipherValue").ok()?).ok()?)
}

fn decrypted<'c>(content: &'c mut [u8], cipher: ContentCipher, key: &[u8]) -> Option<&'c [u8]> {
    let (vector, text) = content.split_at_mut_checked(if cipher.is_authenticated() { 12 } else { 16 })?;
    match cipher {
        ContentCipher::Aes128Gcm | ContentCipher::Aes256Gcm => {
            let algorithm = if cipher == ContentCipher::Aes128Gcm { &AES_128_GCM } else { &AES_256_GCM };
            let key = LessSafeKey::new(UnboundKey::new(algorithm, key).ok()?);
            let nonce = Nonce::try_assume_unique_for_key(vector).ok()?;
            key.open_in_place(nonce, Aad::empty(), text).ok().map(|plain| &*plain)
        }
        ContentCipher::Aes128Cbc | ContentCipher::Aes256Cbc => {
            let algorithm = if cipher == ContentCipher::Aes128Cbc { &AES_128 } else { &AES_256 };
            let vector: [u8; 16] = (&*vector).try_into().ok()?;
            let key = UnboundCipherKey::new(algorithm, key).ok()?;
            // The padding's bytes but the last are arbitrary (XML Encryption 1.1 section 5.2).
            let key = PaddedBlockDecryptingKey::cbc_iso10126(key).ok()?;
            key.decrypt(text, DecryptionContext::Iv128(FixedLength::from(vector))).ok().map(|plain| &*plain)
        }
    }
}
