//! Identifiers: 24 hexadecimal characters, the shape JumpCloud's clients expect.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::clock::Micros;
use crate::rng::Rng;

/// 48 bits of milliseconds and 48 random bits, so that identifiers sort by their time of making.
/// Not a secret: anyone may see one, and knowing one gives no right.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id([u8; 12]);

impl Id {
    /// The bytes.
    #[must_use]
    pub const fn bytes(self) -> [u8; 12] {
        self.0
    }

    /// The id of these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 12]) -> Self {
        Self(bytes)
    }

    /// A new identifier made at `now`.
    #[must_use]
    pub fn new(now: Micros, rng: &Rng) -> Self {
        let ms = (now.0 / 1000).to_be_bytes();
        let random: [u8; 6] = rng.bytes();
        let mut bytes = [0; 12];
        bytes[..6].copy_from_slice(&ms[2..]);
        bytes[6..].copy_from_slice(&random);
        Self(bytes)
    }

    /// The 24 characters.
    #[must_use]
    pub fn text(&self) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        // Every parameter of a statement that is an id is spelt out: by digits it takes a fraction of what an iterator of
        // characters takes.
        let mut text = String::with_capacity(2 * self.0.len());
        for byte in self.0 {
            text.push(char::from(DIGITS[usize::from(byte >> 4)]));
            text.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
        text
    }

    /// When it was made (whole milliseconds).
    #[must_use]
    pub fn made_at(&self) -> Micros {
        let mut ms = [0; 8];
        ms[2..].copy_from_slice(&self.0[..6]);
        Micros(i64::from_be_bytes(ms).saturating_mul(1000))
    }
}

/// The text is not 24 hexadecimal characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id is 24 hexadecimal characters")]
pub struct NotAnId;

impl FromStr for Id {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let mut bytes = [0; 12];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| NotAnId)?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{prop_assert_eq, proptest};

    #[test]
    fn ids_sort_by_time_and_read_back() {
        let rng = Rng::seeded(1);
        let early = Id::new(Micros(1_700_000_000_000_000), &rng);
        let late = Id::new(Micros(1_700_000_000_001_000), &rng);
        assert!(early.text() < late.text());
        assert_eq!(early.text().parse(), Ok(early));
        assert_eq!(early.made_at(), Micros(1_700_000_000_000_000));
    }

    proptest! {
        #[test]
        fn any_text_is_an_id_or_refused(text in ".{0,40}") {
            let parsed: Result<Id, _> = text.parse();
            prop_assert_eq!(parsed.is_ok(), text.len() == 24 && text.chars().all(|c| c.is_ascii_hexdigit()));
        }
    }
}
