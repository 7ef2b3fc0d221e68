//! Signing keys of an organization: made on first use, rotated with overlap, encrypted at rest. A key is in the key set
//! some time before it signs, and stays after it stopped, so that whoever caches the set always finds it.

pub mod rotate;
mod store;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use muster_base::{Id, Micros};
use muster_jose::{Alg, Jwk, SigningKey};

use crate::application::SigningAlg;
use crate::{Directory, Error, Result};

pub use store::KeyRow;

/// How long a rotated-in key is published before it signs, in seconds.
pub const LEAD_S: i64 = 3600;
/// How long a key stays published after it stopped signing, in seconds: longer than any token it signed is valid.
pub const OVERLAP_S: i64 = 2 * 86_400;
/// How long the keys of an organization may be read from memory, in seconds: another node may have rotated.
const CACHE_S: i64 = 60;

/// What a key is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Published, signs later.
    Next,
    /// Signs.
    Active,
    /// Signs no more, still published.
    Retiring,
}

/// The keys of one organization, parsed.
#[derive(Default)]
struct Loaded {
    rows: Vec<KeyRow>,
    keys: HashMap<String, SigningKey>,
    at: Micros,
}

/// The parsed keys of the organizations in use.
#[derive(Default)]
pub(crate) struct Cache(RwLock<HashMap<Id, Arc<Loaded>>>);

impl Cache {
    fn get(&self, org: Id, now: Micros) -> Option<Arc<Loaded>> {
        let map = self.0.read().unwrap_or_else(PoisonError::into_inner);
        map.get(&org).filter(|l| now < l.at.plus_s(CACHE_S)).cloned()
    }

    fn put(&self, org: Id, loaded: Arc<Loaded>) {
        let mut map = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if map.len() > 10_000 {
            map.clear();
        }
        map.insert(org, loaded);
    }

    pub(crate) fn forget(&self, org: Id) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(&org);
    }
}

pub(crate) fn jose_alg(alg: SigningAlg) -> Alg {
    match alg {
        SigningAlg::Rs256 => Alg::RS256,
        SigningAlg::Es256 => Alg::ES256,
        SigningAlg::EdDsa => Alg::EdDsa,
    }
}

/// The state of each key that is still published, the newest first. Pure.
#[must_use]
pub fn states(rows: &[KeyRow], now: Micros) -> Vec<(KeyRow, State)> {
    let mut out: Vec<(KeyRow, State)> = Vec::new();
    let mut signing: Vec<SigningAlg> = Vec::new();
    let mut rows: Vec<&KeyRow> = rows.iter().filter(|r| r.drop_at.is_none_or(|at| now < at)).collect();
    rows.sort_by(|a, b| (b.signs_from, &b.kid).cmp(&(a.signs_from, &a.kid)));
    for row in rows {
        let state = if now < row.signs_from {
            State::Next
        } else if signing.contains(&row.alg) {
            State::Retiring
        } else {
            signing.push(row.alg);
            State::Active
        };
        out.push((row.clone(), state));
    }
    out
}

async fn load(directory: &Directory, org: Id) -> Result<Arc<Loaded>> {
    let now = directory.env().clock.now();
    if let Some(loaded) = directory.key_cache().get(org, now) {
        return Ok(loaded);
    }
    let rows = store::all(directory, org).await?;
    let mut keys = HashMap::new();
    for row in &rows {
        keys.insert(row.kid.clone(), store::open(directory, org, row)?);
    }
    let loaded = Arc::new(Loaded { rows, keys, at: now });
    directory.key_cache().put(org, loaded.clone());
    Ok(loaded)
}

/// The key that signs now; the first use of an algorithm makes it.
///
/// # Errors
/// The database's; [`Error::Internal`] when the master key does not open it.
pub async fn signing(directory: &Directory, org: Id, alg: SigningAlg) -> Result<SigningKey> {
    for attempt in 0..2 {
        // Read anew each time: the key made in between signs from then on.
        let now = directory.env().clock.now();
        let loaded = load(directory, org).await?;
        let active = states(&loaded.rows, now).into_iter().find(|(r, s)| r.alg == alg && *s == State::Active);
        if let Some(key) = active.and_then(|(row, _)| loaded.keys.get(&row.kid).cloned()) {
            return Ok(key);
        }
        if attempt == 0 {
            rotate::first(directory, org, alg).await?;
            directory.key_cache().forget(org);
        }
    }
    Err(Error::Internal(format!("no {} signing key could be made", alg.word())))
}

/// The key set of an organization (RFC 7517): every key that signs, will sign, or signed what may still be valid.
///
/// # Errors
/// As [`signing`].
pub async fn published(directory: &Directory, org: Id) -> Result<Vec<Jwk>> {
    // One of each: whoever fetched the set before the first client with another algorithm was made finds its key there.
    for alg in SigningAlg::ALL {
        signing(directory, org, alg).await?;
    }
    let now = directory.env().clock.now();
    let loaded = load(directory, org).await?;
    Ok(states(&loaded.rows, now)
        .into_iter()
        .filter_map(|(row, _)| loaded.keys.get(&row.kid).map(SigningKey::public_jwk))
        .collect())
}

/// The keys with their states, for administrators.
///
/// # Errors
/// As [`signing`].
pub async fn list(directory: &Directory, org: Id) -> Result<Vec<(KeyRow, State)>> {
    let now = directory.env().clock.now();
    Ok(states(&load(directory, org).await?.rows, now))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(kid: &str, from: i64, drop_at: Option<i64>) -> KeyRow {
        KeyRow {
            kid: kid.into(),
            alg: SigningAlg::Rs256,
            created_at: Micros(0),
            signs_from: Micros(from),
            drop_at: drop_at.map(Micros),
            sealed: Vec::new(),
        }
    }

    #[test]
    fn one_key_signs_and_its_neighbours_are_published() {
        let rows = [row("old", 0, Some(100)), row("now", 10, None), row("next", 50, None)];
        let at = |t| states(&rows, Micros(t)).into_iter().map(|(r, s)| (r.kid, s)).collect::<Vec<_>>();
        assert_eq!(
            at(20),
            [("next".into(), State::Next), ("now".into(), State::Active), ("old".into(), State::Retiring)]
        );
        assert_eq!(at(60)[0], ("next".into(), State::Active));
        assert_eq!(at(120).len(), 2);
    }
}
