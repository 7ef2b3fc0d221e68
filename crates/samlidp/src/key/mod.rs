//! Signing keys of an organization with their certificates: made on first use, rolled with both in the metadata,
//! encrypted at rest. Never here: which application signs with which algorithm.

mod make;
mod store;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use muster_base::{Id, Micros};
use muster_directory::{Directory, Error, Result};
use muster_saml::key::{Certificate, KeyKind, SigningKey};

pub use make::roll;
pub use store::KeyRow;

/// How long a certificate is valid, in seconds: ten years. Service providers keep it by hand; the roll is what ends a key.
pub const CERTIFICATE_S: i64 = 3653 * 86_400;

/// A key that was read: the private half, and the certificate that it is known by.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The private key.
    pub key: SigningKey,
    /// Its certificate.
    pub certificate: Certificate,
}

/// The keys that were read, by organization and id. What an id stands for never changes.
#[derive(Default)]
pub struct Parsed(RwLock<HashMap<(Id, Id), Arc<Pair>>>);

impl Parsed {
    fn get(&self, row: &KeyRow) -> Option<Arc<Pair>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&(row.org, row.id)).cloned()
    }

    fn put(&self, row: &KeyRow, pair: Arc<Pair>) {
        let mut map = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if map.len() > 10_000 {
            map.clear();
        }
        map.insert((row.org, row.id), pair);
    }
}

/// What a key is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// In the metadata, signs later.
    Next,
    /// Signs.
    Active,
    /// Signs no more, still in the metadata.
    Retiring,
}

/// The state of each key of a kind that is still in the metadata: the one that signs first, then the newest. Pure.
#[must_use]
pub fn states(rows: &[KeyRow], kind: KeyKind, now: Micros) -> Vec<(&KeyRow, State)> {
    let mut rows: Vec<&KeyRow> =
        rows.iter().filter(|row| row.kind == kind && row.drop_at.is_none_or(|at| now < at)).collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.signs_from, row.id)));
    let mut active = false;
    let mut states: Vec<(&KeyRow, State)> = Vec::new();
    for row in rows {
        if now < row.signs_from {
            states.push((row, State::Next));
        } else if active {
            states.push((row, State::Retiring));
        } else {
            active = true;
            states.insert(0, (row, State::Active));
        }
    }
    states
}

/// The keys of an organization of this kind, the one that signs first; the first use makes it.
///
/// # Errors
/// The database's; [`Error::Internal`] when the master key does not open one.
pub async fn published(
    directory: &Directory,
    parsed: &Parsed,
    org: Id,
    kind: KeyKind,
) -> Result<Vec<(Arc<Pair>, State)>> {
    for attempt in 0..2 {
        let rows = store::all(&mut directory.read(), org).await?;
        let states = states(&rows, kind, directory.env().clock.now());
        if states.first().is_some_and(|(_, state)| *state == State::Active) {
            return states.into_iter().map(|(row, state)| Ok((open(directory, parsed, row)?, state))).collect();
        }
        if attempt == 0 {
            make::first(directory, org, kind).await?;
        }
    }
    Err(Error::Internal("no SAML signing key could be made".into()))
}

/// The key that signs now.
///
/// # Errors
/// As [`published`].
pub async fn signing(directory: &Directory, parsed: &Parsed, org: Id, kind: KeyKind) -> Result<Arc<Pair>> {
    let first = published(directory, parsed, org, kind).await?.into_iter().next();
    first.map(|(pair, _)| pair).ok_or_else(|| Error::Internal("no SAML signing key".into()))
}

fn open(directory: &Directory, parsed: &Parsed, row: &KeyRow) -> Result<Arc<Pair>> {
    if let Some(pair) = parsed.get(row) {
        return Ok(pair);
    }
    let pair = Arc::new(store::open(directory, row)?);
    parsed.put(row, pair.clone());
    Ok(pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: u8, kind: KeyKind, from: i64, drop_at: Option<i64>) -> KeyRow {
        KeyRow {
            org: "000000000000000000000001".parse().unwrap(),
            id: format!("{id:024x}").parse().unwrap(),
            kind,
            created_at: Micros(0),
            signs_from: Micros(from),
            drop_at: drop_at.map(Micros),
            certificate: Vec::new(),
            sealed: Vec::new(),
        }
    }

    #[test]
    fn one_key_signs_and_its_neighbours_are_in_the_metadata() {
        let rows = [
            row(1, KeyKind::Rsa, 0, Some(100)),
            row(2, KeyKind::Rsa, 10, None),
            row(3, KeyKind::Rsa, 50, None),
            row(4, KeyKind::P256, 0, None),
        ];
        let at = |t| {
            let states = states(&rows, KeyKind::Rsa, Micros(t));
            states.into_iter().map(|(row, state)| (row.id.text().chars().last().unwrap(), state)).collect::<Vec<_>>()
        };
        assert_eq!(at(5), [('1', State::Active), ('3', State::Next), ('2', State::Next)]);
        assert_eq!(at(20), [('2', State::Active), ('3', State::Next), ('1', State::Retiring)]);
        assert_eq!(at(60), [('3', State::Active), ('2', State::Retiring), ('1', State::Retiring)]);
        assert_eq!(at(100), [('3', State::Active), ('2', State::Retiring)]);
    }
}
