//! Scopes: an ordered set of tokens (RFC 6749 section 3.3). Never here: what a scope grants.

use crate::{Error, ErrorCode};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The most tokens in one scope.
pub const MAX_TOKENS: usize = 64;
/// The longest scope text, in bytes.
pub const MAX_BYTES: usize = 4096;

/// A set of scope tokens in the order in which they were first named. Written as one text with single spaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope(Vec<String>);

impl Scope {
    /// The scope in a parameter. Tokens that come twice are kept once.
    ///
    /// # Errors
    /// `invalid_scope` for characters that no token may have, too many tokens, or too long a text.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let refuse = |why: String| Err(Error::new(ErrorCode::InvalidScope, why));
        if text.len() > MAX_BYTES {
            return refuse(format!("the scope is longer than {MAX_BYTES} bytes"));
        }
        let mut scope = Self::default();
        for token in text.split(' ').filter(|token| !token.is_empty()) {
            if !token.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e)) {
                return refuse("the scope has characters that are not allowed in a scope token".to_owned());
            }
            if !scope.contains(token) {
                scope.0.push(token.to_owned());
            }
            if scope.0.len() > MAX_TOKENS {
                return refuse(format!("more than {MAX_TOKENS} scope tokens"));
            }
        }
        Ok(scope)
    }

    /// Whether the token is in the set.
    #[must_use]
    pub fn contains(&self, token: &str) -> bool {
        self.0.iter().any(|own| own == token)
    }

    /// Whether every token of this set is in the other.
    #[must_use]
    pub fn is_subset_of(&self, other: &Self) -> bool {
        self.0.iter().all(|token| other.contains(token))
    }

    /// The tokens that are in both, in the order of this set.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self(self.0.iter().filter(|token| other.contains(token)).cloned().collect())
    }

    /// The set without one token.
    #[must_use]
    pub fn without(mut self, token: &str) -> Self {
        self.0.retain(|own| own != token);
        self
    }

    /// What a refresh may ask of a granted scope: the same or less, never more (RFC 6749 section 6).
    ///
    /// # Errors
    /// `invalid_scope` when the request names a token that was not granted.
    pub fn shrink_to(&self, requested: Option<&Self>) -> Result<Self, Error> {
        match requested {
            None => Ok(self.clone()),
            Some(less) if less.is_subset_of(self) => Ok(less.clone()),
            Some(_) => Err(Error::new(ErrorCode::InvalidScope, "the scope asks for more than was granted")),
        }
    }

    /// The tokens in their order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether there is no token.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
