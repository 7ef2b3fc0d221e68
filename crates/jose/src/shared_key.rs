//! The key that two parties agree on by ECDH-ES (RFC 7518 section 4.6.2: Concat KDF of NIST SP 800-56A with SHA-256).
//! Pure. Never here: the agreement itself.

use crate::{Enc, KeyAlg};
use aws_lc_rs::digest;
use zeroize::Zeroizing;

/// The key out of the shared secret `z`; `apu` and `apv` are what the header says of the parties. One round of the hash
/// yields 256 bits, which is the most that is needed here.
pub(crate) fn derive(z: &[u8], alg: KeyAlg, enc: Enc, apu: &[u8], apv: &[u8]) -> Zeroizing<Vec<u8>> {
    let (name, bytes) = match alg {
        KeyAlg::EcdhEsA256Kw => (alg.name(), 32),
        KeyAlg::EcdhEs | KeyAlg::RsaOaep256 => (enc.name(), enc.key_bytes()),
    };
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(&1_u32.to_be_bytes());
    context.update(z);
    for part in [name.as_bytes(), apu, apv] {
        context.update(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        context.update(part);
    }
    context.update(&u32::try_from(bytes * 8).unwrap_or(u32::MAX).to_be_bytes());
    let full = context.finish();
    Zeroizing::new(full.as_ref().get(..bytes).unwrap_or_default().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode;

    /// RFC 7518 appendix C.
    #[test]
    fn the_example_of_the_rfc() {
        let z = [
            158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49, 110, 163, 218, 128,
            106, 72, 246, 218, 167, 121, 140, 254, 144, 196,
        ];
        let key = derive(&z, KeyAlg::EcdhEs, Enc::A128Gcm, b"Alice", b"Bob");
        assert_eq!(encode(&key), "VqqN6vgjbSBcIijNcacQGg");
    }
}
