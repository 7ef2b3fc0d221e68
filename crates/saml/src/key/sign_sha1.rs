//! RSA PKCS#1 v1.5 with SHA-1, for service providers that read nothing newer. The safe layer of the cryptographic library
//! verifies it and does not sign with it, so the library itself is called: the same code that signs with SHA-256, with its
//! blinding and its constant time. Never here: whether an application may have it (`decisions/0063-saml-sha1.md`).

use super::KeyError;
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use aws_lc_sys::{
    CBS, CBS_init, EVP_PKEY, EVP_PKEY_free, EVP_PKEY_get0_RSA, EVP_parse_private_key, NID_sha1, RSA_sign, RSA_size,
};
use std::mem::MaybeUninit;
use std::ptr::NonNull;

/// The signature over the message by the private key in this PKCS#8.
///
/// # Errors
/// If it is no RSA key, or the library fails.
#[expect(unsafe_code, reason = "the safe layer of the library does not sign with SHA-1")]
pub(super) fn sign_sha1(pkcs8: &[u8], message: &[u8]) -> Result<Vec<u8>, KeyError> {
    let failed = KeyError::Crypto("signing");
    let key = Key::parse(pkcs8).ok_or(failed.clone())?;
    // SAFETY: the key is a valid one; the RSA key inside is borrowed from it, and it lives to the end of this function.
    let rsa = unsafe { EVP_PKEY_get0_RSA(key.0.as_ptr()) };
    if rsa.is_null() {
        return Err(KeyError::Algorithm);
    }
    let digest = digest(&SHA1_FOR_LEGACY_USE_ONLY, message);
    let digest = digest.as_ref();
    // SAFETY: `rsa` is not null and is not changed.
    let mut signature = vec![0; usize::try_from(unsafe { RSA_size(rsa) }).map_err(|_| failed.clone())?];
    let mut length = 0;
    // SAFETY: `digest` is read for its length, and at most `RSA_size` bytes are written, which is what there is room for.
    let is_signed =
        unsafe { RSA_sign(NID_sha1, digest.as_ptr(), digest.len(), signature.as_mut_ptr(), &raw mut length, rsa) };
    if is_signed != 1 || usize::try_from(length) != Ok(signature.len()) {
        return Err(failed);
    }
    Ok(signature)
}

/// A key of the library's, freed when it is dropped.
struct Key(NonNull<EVP_PKEY>);

impl Key {
    #[expect(unsafe_code, reason = "the safe layer of the library does not sign with SHA-1")]
    fn parse(pkcs8: &[u8]) -> Option<Self> {
        let mut bytes = MaybeUninit::<CBS>::uninit();
        // SAFETY: `CBS_init` writes the whole of it; it points into `pkcs8`, which outlives it, and the parser only reads.
        let key = unsafe {
            CBS_init(bytes.as_mut_ptr(), pkcs8.as_ptr(), pkcs8.len());
            EVP_parse_private_key(bytes.as_mut_ptr())
        };
        NonNull::new(key).map(Self)
    }
}

impl Drop for Key {
    #[expect(unsafe_code, reason = "the safe layer of the library does not sign with SHA-1")]
    fn drop(&mut self) {
        // SAFETY: it came from the parser, is owned here and freed once.
        unsafe { EVP_PKEY_free(self.0.as_ptr()) }
    }
}
