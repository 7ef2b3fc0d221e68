//! Names of people that cannot be compared between sectors (OpenID Connect Core section 8.1, method 2): the id encrypted
//! under a key of the sector. Stable without a table, and read back by whoever holds the key. Never here: which sector an
//! application belongs to.

use crate::{decode, encode};
use aws_lc_rs::cipher::{AES_256, DecryptingKey, DecryptionContext, EncryptingKey, UnboundCipherKey};
use aws_lc_rs::hmac;
use zeroize::Zeroizing;

/// The length of an id, in bytes. The rest of the block is zero, which tells a name that was made here from any other.
const ID_BYTES: usize = 12;
const BLOCK_BYTES: usize = 16;

/// The secret that names are made with; one per organization, never changed.
#[derive(Clone)]
pub struct SubjectKey(Zeroizing<[u8; 32]>);

impl SubjectKey {
    /// The key of these bytes, which are random.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The cipher's key in one sector.
    fn of(&self, sector: &str) -> Option<UnboundCipherKey> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.0.as_slice());
        let tag = hmac::sign(&key, format!("pairwise subject\0{sector}").as_bytes());
        UnboundCipherKey::new(&AES_256, tag.as_ref()).ok()
    }

    /// The name of an id in a sector: 22 characters of base64url. `None` only if the library fails.
    #[must_use]
    pub fn name(&self, sector: &str, id: [u8; ID_BYTES]) -> Option<String> {
        let mut block = [0; BLOCK_BYTES];
        block.get_mut(..ID_BYTES)?.copy_from_slice(&id);
        // One block under a key of its own: a permutation, which is all that is wanted of it.
        EncryptingKey::ecb(self.of(sector)?).ok()?.encrypt(&mut block).ok()?;
        Some(encode(&block))
    }

    /// The id behind a name, if it was made with this key in this sector.
    #[must_use]
    pub fn id(&self, sector: &str, name: &str) -> Option<[u8; ID_BYTES]> {
        let mut block: [u8; BLOCK_BYTES] = decode(name)?.try_into().ok()?;
        DecryptingKey::ecb(self.of(sector)?).ok()?.decrypt(&mut block, DecryptionContext::None).ok()?;
        let (id, rest) = block.split_at(ID_BYTES);
        rest.iter().all(|byte| *byte == 0).then(|| id.try_into().ok()).flatten()
    }
}

impl std::fmt::Debug for SubjectKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SubjectKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: [u8; 12] = *b"a person ...";

    #[test]
    fn a_name_is_stable_and_read_back_in_its_sector_alone() {
        let key = SubjectKey::new([7; 32]);
        let name = key.name("app.example", ID).unwrap_or_default();
        assert_eq!(name.len(), 22);
        assert_eq!(key.name("app.example", ID).as_deref(), Some(name.as_str()));
        assert_eq!(key.id("app.example", &name), Some(ID));
        assert_ne!(key.name("other.example", ID).as_deref(), Some(name.as_str()));
        assert_eq!(key.id("other.example", &name), None);
        assert_eq!(SubjectKey::new([8; 32]).id("app.example", &name), None);
        for forged in ["", "x", "AAAAAAAAAAAAAAAAAAAAAA", &name[1..], "0123456789abcdef01234567"] {
            assert_eq!(key.id("app.example", forged), None, "{forged}");
        }
        assert!(!format!("{key:?}").contains('7'));
    }
}
