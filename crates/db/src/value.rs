//! Parameters of statements.

use std::borrow::Cow;

use muster_base::{Id, Micros};

use crate::error::Error;

/// One parameter. Times are microseconds, truth is 0 or 1, identifiers are their 24 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum V<'a> {
    /// NULL of any type.
    Null,
    /// A whole number.
    I(i64),
    /// Text without U+0000 (PostgreSQL cannot hold it, so neither engine may).
    T(Cow<'a, str>),
    /// Bytes.
    B(Cow<'a, [u8]>),
}

impl V<'_> {
    /// A list of texts for `{each $n}`, as a JSON array.
    #[must_use]
    pub fn list<S: ToString>(items: impl IntoIterator<Item = S>) -> V<'static> {
        let items = items.into_iter().map(|item| serde_json::Value::String(item.to_string())).collect();
        V::T(Cow::Owned(serde_json::Value::Array(items).to_string()))
    }

    /// The same value, holding its own copy of text and bytes.
    #[must_use]
    pub fn into_owned(self) -> V<'static> {
        match self {
            Self::Null => V::Null,
            Self::I(i) => V::I(i),
            Self::T(t) => V::T(Cow::Owned(t.into_owned())),
            Self::B(b) => V::B(Cow::Owned(b.into_owned())),
        }
    }
}

/// Refuses what only one of the engines would take.
pub(crate) fn check(statement: &str, params: &[V<'_>]) -> Result<(), Error> {
    for (i, param) in params.iter().enumerate() {
        if let V::T(text) = param
            && text.as_bytes().contains(&0)
        {
            return Err(Error::Internal(format!("{statement}: ${} holds U+0000", i + 1)));
        }
    }
    Ok(())
}

/// An array of [`V`] from anything that is one: `db.first::<User>(&USER_BY_ID, &values![org, id])`.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { [$($crate::V::from($value)),*] };
}

impl From<i64> for V<'_> {
    fn from(value: i64) -> Self {
        Self::I(value)
    }
}

impl From<i32> for V<'_> {
    fn from(value: i32) -> Self {
        Self::I(value.into())
    }
}

impl From<u32> for V<'_> {
    fn from(value: u32) -> Self {
        Self::I(value.into())
    }
}

impl From<Micros> for V<'_> {
    fn from(value: Micros) -> Self {
        Self::I(value.0)
    }
}

impl From<bool> for V<'_> {
    fn from(value: bool) -> Self {
        Self::I(value.into())
    }
}

impl<'a> From<&'a str> for V<'a> {
    fn from(value: &'a str) -> Self {
        Self::T(Cow::Borrowed(value))
    }
}

impl From<String> for V<'_> {
    fn from(value: String) -> Self {
        Self::T(Cow::Owned(value))
    }
}

impl<'a> From<&'a String> for V<'a> {
    fn from(value: &'a String) -> Self {
        Self::T(Cow::Borrowed(value))
    }
}

impl<'a> From<Cow<'a, str>> for V<'a> {
    fn from(value: Cow<'a, str>) -> Self {
        Self::T(value)
    }
}

impl From<Id> for V<'_> {
    fn from(value: Id) -> Self {
        Self::T(Cow::Owned(value.text()))
    }
}

impl From<&Id> for V<'_> {
    fn from(value: &Id) -> Self {
        Self::from(*value)
    }
}

impl<'a> From<&'a [u8]> for V<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::B(Cow::Borrowed(value))
    }
}

impl From<Vec<u8>> for V<'_> {
    fn from(value: Vec<u8>) -> Self {
        Self::B(Cow::Owned(value))
    }
}

impl<'a> From<&'a Vec<u8>> for V<'a> {
    fn from(value: &'a Vec<u8>) -> Self {
        Self::B(Cow::Borrowed(value))
    }
}

/// Also a [`muster_base::Digest`].
impl<const N: usize> From<[u8; N]> for V<'_> {
    fn from(value: [u8; N]) -> Self {
        Self::B(Cow::Owned(value.to_vec()))
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for V<'a> {
    fn from(value: &'a [u8; N]) -> Self {
        Self::B(Cow::Borrowed(value))
    }
}

impl<'a, T: Into<V<'a>>> From<Option<T>> for V<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
