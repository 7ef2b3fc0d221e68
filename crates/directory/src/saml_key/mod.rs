//! Keys with which SAML answers are signed, and their certificates: an organization's, made on first use, and those that
//! an application has of its own. Rolled with both in the metadata, encrypted at rest. Never here: which application
//! signs with which algorithm.

mod make;
mod own;
mod store;
pub mod usage;
mod warn;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use muster_base::{Id, Micros};
use muster_saml::key::{Certificate, KeyKind, SigningKey};

use crate::{Directory, Error, Result};

pub use make::{generate, roll};
pub use own::{Add, Remove};
pub use store::KeyRow;
pub use warn::{DAYS, Ending, ending_soon, warn};

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

impl Pair {
    /// A key that somebody brings along: its certificate as PEM or base64, the private key as PEM.
    ///
    /// # Errors
    /// 400 on `certificate` or `privateKey`.
    pub fn from_text(certificate: &str, private_key: &str) -> Result<Self> {
        let wrong = |field: &str, why: &dyn std::fmt::Display| {
            Error::Invalid(vec![crate::FieldError::new(field.to_owned(), why.to_string())])
        };
        let certificate = Certificate::from_text(certificate).map_err(|e| wrong("certificate", &e))?;
        let key = SigningKey::from_pem(private_key).map_err(|e| wrong("privateKey", &e))?;
        key.belongs_to(&certificate).map_err(|e| wrong("certificate", &e))?;
        Ok(Self { key, certificate })
    }
}

/// The keys that were read, by organization and id. What an id stands for never changes.
#[derive(Default)]
pub(crate) struct Cache(RwLock<HashMap<(Id, Id), Arc<Pair>>>);

impl Cache {
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

impl State {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Active => "active",
            Self::Retiring => "retiring",
        }
    }
}

/// The state of each key of a kind that is still in the metadata: the one that signs first, then the newest. Pure.
fn states(rows: &[KeyRow], app: Option<Id>, kind: KeyKind, now: Micros) -> Vec<(&KeyRow, State)> {
    let there = |row: &&KeyRow| row.app == app && row.kind == kind && row.drop_at.is_none_or(|at| now < at);
    let mut rows: Vec<&KeyRow> = rows.iter().filter(there).collect();
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

/// The keys of an application: its own where one of them signs already, else the organization's and those of its own that
/// sign later. The one that signs stands first. Pure.
fn of_application(rows: &[KeyRow], app: Id, kind: KeyKind, now: Micros) -> Vec<(&KeyRow, State)> {
    let own = states(rows, Some(app), kind, now);
    if own.first().is_some_and(|(_, state)| *state == State::Active) {
        return own;
    }
    states(rows, None, kind, now).into_iter().chain(own).collect()
}

/// A key as it stands in the metadata of an application.
#[derive(Clone, Debug)]
pub struct Published {
    /// As it is kept.
    pub row: KeyRow,
    /// What it is doing.
    pub state: State,
    /// Ready to sign.
    pub pair: Arc<Pair>,
}

/// The keys of an application of this kind, the one that signs first; the first use makes one for the organization.
///
/// # Errors
/// The database's; [`Error::Internal`] when the master key does not open one.
pub async fn published(directory: &Directory, org: Id, app: Id, kind: KeyKind) -> Result<Vec<Published>> {
    for attempt in 0..2 {
        let rows = store::of_application(&mut directory.read(), org, app).await?;
        let states = of_application(&rows, app, kind, directory.env().clock.now());
        if states.first().is_some_and(|(_, state)| *state == State::Active) {
            let open =
                |(row, state): (&KeyRow, State)| Ok(Published { row: row.clone(), state, pair: open(directory, row)? });
            return states.into_iter().map(open).collect();
        }
        if attempt == 0 {
            make::first(directory, org, kind).await?;
        }
    }
    Err(Error::Internal("no SAML signing key could be made".into()))
}

/// The key that signs now for an application.
///
/// # Errors
/// As [`published`].
pub async fn signing(directory: &Directory, org: Id, app: Id, kind: KeyKind) -> Result<Arc<Pair>> {
    let first = published(directory, org, app, kind).await?.into_iter().next();
    first.map(|key| key.pair).ok_or_else(|| Error::Internal("no SAML signing key".into()))
}

fn open(directory: &Directory, row: &KeyRow) -> Result<Arc<Pair>> {
    let cache = directory.saml_key_cache();
    if let Some(pair) = cache.get(row) {
        return Ok(pair);
    }
    let pair = Arc::new(store::open(directory, row)?);
    cache.put(row, pair.clone());
    Ok(pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    const APP: &str = "00000000000000000000000a";

    fn row(id: u8, kind: KeyKind, from: i64, drop_at: Option<i64>) -> KeyRow {
        KeyRow {
            org: "000000000000000000000001".parse().unwrap(),
            id: format!("{id:024x}").parse().unwrap(),
            app: None,
            kind,
            created_at: Micros(0),
            signs_from: Micros(from),
            drop_at: drop_at.map(Micros),
            certificate: Vec::new(),
            sealed: Vec::new(),
        }
    }

    fn shown(rows: &[KeyRow], t: i64) -> Vec<(char, State)> {
        let states = of_application(rows, APP.parse().unwrap(), KeyKind::Rsa, Micros(t));
        states.into_iter().map(|(row, state)| (row.id.text().chars().last().unwrap(), state)).collect()
    }

    #[test]
    fn one_key_signs_and_its_neighbours_are_in_the_metadata() {
        let rows = [
            row(1, KeyKind::Rsa, 0, Some(100)),
            row(2, KeyKind::Rsa, 10, None),
            row(3, KeyKind::Rsa, 50, None),
            row(4, KeyKind::P256, 0, None),
        ];
        assert_eq!(shown(&rows, 5), [('1', State::Active), ('3', State::Next), ('2', State::Next)]);
        assert_eq!(shown(&rows, 20), [('2', State::Active), ('3', State::Next), ('1', State::Retiring)]);
        assert_eq!(shown(&rows, 60), [('3', State::Active), ('2', State::Retiring), ('1', State::Retiring)]);
        assert_eq!(shown(&rows, 100), [('3', State::Active), ('2', State::Retiring)]);
    }

    #[test]
    fn an_application_s_own_key_takes_the_organization_s_place_when_it_signs() {
        let own = KeyRow { app: Some(APP.parse().unwrap()), ..row(2, KeyKind::Rsa, 10, None) };
        let other = KeyRow { app: Some("00000000000000000000000b".parse().unwrap()), ..row(3, KeyKind::Rsa, 0, None) };
        let rows = [row(1, KeyKind::Rsa, 0, None), own, other];
        assert_eq!(shown(&rows, 5), [('1', State::Active), ('2', State::Next)]);
        assert_eq!(shown(&rows, 10), [('2', State::Active)]);
    }
}
