//! The parameters of one request, from a query or a form body: each name once (RFC 6749 section 3.1), everything
//! bounded. Never here: what a parameter means.

use crate::{Error, form};

/// The longest query or body that is read, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;
/// The most parameters one request may have.
pub const MAX_COUNT: usize = 64;
/// The longest name, in bytes after decoding.
pub const MAX_NAME_BYTES: usize = 128;
/// The longest value, in bytes after decoding.
pub const MAX_VALUE_BYTES: usize = 16 * 1024;

/// What may be there several times: a token may be meant for several places (RFC 8707 section 2, RFC 8693 section 2.1).
const REPEATABLE: [&str; 2] = ["resource", "audience"];

/// Parameters in the order in which they came. `Debug` shows the names only, since values may be secrets.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Params {
    pairs: Vec<(String, String)>,
}

impl Params {
    /// The parameters of a raw query (without `?`) or form body.
    ///
    /// # Errors
    /// `invalid_request` for a parameter that appears twice (known or not, but for `resource` and `audience`: two readers
    /// could choose differently), a broken escape, and anything beyond the limits of this module.
    pub fn parse(raw: &str) -> Result<Self, Error> {
        if raw.len() > MAX_BYTES {
            return Err(Error::invalid_request(format!("the request is longer than {MAX_BYTES} bytes")));
        }
        let mut params = Self::default();
        for piece in raw.split('&').filter(|piece| !piece.is_empty()) {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            let name = form::decode(name)
                .ok_or_else(|| Error::invalid_request("a parameter name is too long or not valid UTF-8"))?;
            let value = form::decode(value)
                .ok_or_else(|| Error::invalid_request(format!("parameter {name} is not valid UTF-8")))?;
            params.add(name, value)?;
        }
        Ok(params)
    }

    /// Adds a parameter that was read elsewhere, by the same rules.
    ///
    /// # Errors
    /// `invalid_request` as [`Params::parse`].
    pub fn add(&mut self, name: String, value: String) -> Result<(), Error> {
        if name.len() > MAX_NAME_BYTES {
            return Err(Error::invalid_request("a parameter name is too long or not valid UTF-8"));
        }
        if value.len() > MAX_VALUE_BYTES {
            return Err(Error::invalid_request(format!("parameter {name} is too long")));
        }
        if !REPEATABLE.contains(&name.as_str()) && self.pairs.iter().any(|(seen, _)| *seen == name) {
            return Err(Error::invalid_request(format!("parameter {name} appears more than once")));
        }
        if self.pairs.len() == MAX_COUNT {
            return Err(Error::invalid_request(format!("more than {MAX_COUNT} parameters")));
        }
        self.pairs.push((name, value));
        Ok(())
    }

    /// The same parameters without some of them.
    #[must_use]
    pub fn without(&self, names: &[&str]) -> Self {
        Self { pairs: self.pairs.iter().filter(|(name, _)| !names.contains(&name.as_str())).cloned().collect() }
    }

    /// All values of a parameter that may be there several times, in their order; those without a value are left out.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.pairs
            .iter()
            .filter(move |(seen, _)| seen == name)
            .map(|(_, value)| value.as_str())
            .filter(|v| !v.is_empty())
    }

    /// The value of a parameter. One without a value counts as absent (RFC 6749 section 3.1).
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(seen, _)| seen == name).map(|(_, value)| value.as_str()).filter(|v| !v.is_empty())
    }

    /// The value of a parameter that has to be there.
    ///
    /// # Errors
    /// `invalid_request` naming the parameter.
    pub fn required(&self, name: &str) -> Result<&str, Error> {
        self.get(name).ok_or_else(|| Error::invalid_request(format!("parameter {name} is missing")))
    }

    /// The value of a parameter if it is at most so many bytes long.
    ///
    /// # Errors
    /// `invalid_request` naming the parameter and the limit.
    pub fn bounded(&self, name: &str, max_bytes: usize) -> Result<Option<&str>, Error> {
        match self.get(name) {
            Some(value) if value.len() > max_bytes => {
                Err(Error::invalid_request(format!("parameter {name} is longer than {max_bytes} bytes")))
            }
            value => Ok(value),
        }
    }

    /// Names and values in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The parameters as a query again, in the same order.
    #[must_use]
    pub fn to_query(&self) -> String {
        form::write(self.iter())
    }
}

impl std::fmt::Debug for Params {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.pairs.iter().map(|(name, _)| name)).finish()
    }
}

/// A text with percent escapes undone and nothing else (a plus sign is itself): a header of a proxy. `None` for a broken
/// escape or what is not UTF-8.
#[must_use]
pub fn percent_decoded(text: &str) -> Option<String> {
    form::decode(&text.replace('+', "%2B"))
}
