//! Encrypting and decrypting the content under the content key, with authentication (RFC 7518 section 5). Never here:
//! where the content key comes from.

use crate::Enc;
use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{
    AES_128, DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey, PaddedBlockEncryptingKey, UnboundCipherKey,
};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hmac;
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};

/// The length of every tag spoken here, in bytes.
const TAG_BYTES: usize = 16;
/// The halves of an A128CBC-HS256 key, in bytes.
const HALF_BYTES: usize = 16;

/// What the last three parts of a compact JWE hold.
pub(crate) struct Sealed {
    pub iv: Vec<u8>,
    pub ciphertext: Vec<u8>,
    pub tag: Vec<u8>,
}

/// Encrypts; `aad` is the ASCII text of the protected header (RFC 7516 section 5.1 step 14).
pub(crate) fn seal(enc: Enc, key: &[u8], aad: &[u8], plain: &[u8]) -> Result<Sealed, Unspecified> {
    let random = SystemRandom::new();
    match enc {
        Enc::A128Gcm | Enc::A256Gcm => {
            let mut iv = [0; 12];
            random.fill(&mut iv)?;
            let mut ciphertext = plain.to_vec();
            let nonce = Nonce::assume_unique_for_key(iv);
            let tag = gcm(enc, key)?.seal_in_place_separate_tag(nonce, Aad::from(aad), &mut ciphertext)?;
            Ok(Sealed { iv: iv.to_vec(), ciphertext, tag: tag.as_ref().to_vec() })
        }
        Enc::A128CbcHs256 => {
            let mut iv = [0; 16];
            random.fill(&mut iv)?;
            let (mac_key, aes_key) = halves(key)?;
            let mut ciphertext = plain.to_vec();
            let cipher = PaddedBlockEncryptingKey::cbc_pkcs7(UnboundCipherKey::new(&AES_128, aes_key)?)?;
            cipher.less_safe_encrypt(&mut ciphertext, EncryptionContext::Iv128(FixedLength::from(&iv)))?;
            let tag = mac(mac_key, aad, &iv, &ciphertext);
            Ok(Sealed { iv: iv.to_vec(), ciphertext, tag: tag.get(..TAG_BYTES).ok_or(Unspecified)?.to_vec() })
        }
    }
}

/// Decrypts; nothing is given out before the tag was found right.
pub(crate) fn open(enc: Enc, key: &[u8], aad: &[u8], sealed: Sealed) -> Result<Vec<u8>, Unspecified> {
    if sealed.tag.len() != TAG_BYTES {
        return Err(Unspecified);
    }
    match enc {
        Enc::A128Gcm | Enc::A256Gcm => {
            let nonce = Nonce::try_assume_unique_for_key(&sealed.iv)?;
            let mut plain = sealed.ciphertext;
            plain.extend_from_slice(&sealed.tag);
            let length = gcm(enc, key)?.open_in_place(nonce, Aad::from(aad), &mut plain)?.len();
            plain.truncate(length);
            Ok(plain)
        }
        Enc::A128CbcHs256 => {
            let iv: [u8; 16] = sealed.iv.as_slice().try_into().map_err(|_| Unspecified)?;
            let (mac_key, aes_key) = halves(key)?;
            let expected = mac(mac_key, aad, &iv, &sealed.ciphertext);
            verify_slices_are_equal(expected.get(..TAG_BYTES).ok_or(Unspecified)?, &sealed.tag)?;
            let mut plain = sealed.ciphertext;
            let cipher = PaddedBlockDecryptingKey::cbc_pkcs7(UnboundCipherKey::new(&AES_128, aes_key)?)?;
            let length = cipher.decrypt(&mut plain, DecryptionContext::Iv128(FixedLength::from(&iv)))?.len();
            plain.truncate(length);
            Ok(plain)
        }
    }
}

fn gcm(enc: Enc, key: &[u8]) -> Result<LessSafeKey, Unspecified> {
    let algorithm = if enc == Enc::A128Gcm { &AES_128_GCM } else { &AES_256_GCM };
    Ok(LessSafeKey::new(UnboundKey::new(algorithm, key)?))
}

/// The key of the tag, and the key of the cipher (RFC 7518 section 5.2.2.1).
fn halves(key: &[u8]) -> Result<(&[u8], &[u8]), Unspecified> {
    (key.len() == 2 * HALF_BYTES).then(|| key.split_at(HALF_BYTES)).ok_or(Unspecified)
}

/// The whole HMAC, of which the left half is the tag.
fn mac(key: &[u8], aad: &[u8], iv: &[u8], ciphertext: &[u8]) -> Vec<u8> {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    let aad_bits = u64::try_from(aad.len()).unwrap_or(u64::MAX).saturating_mul(8);
    for part in [aad, iv, ciphertext, &aad_bits.to_be_bytes()] {
        context.update(part);
    }
    context.sign().as_ref().to_vec()
}
