//! Signing keys of an organization: made on first use, rotated with overlap, encrypted at rest. A key is in the key set
//! some time before it signs, and stays after it stopped, so that whoever caches the set always finds it.

pub mod rotate;
pub mod schedule;
mod store;

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use muster_base::{Id, Micros};
use muster_jose::{Alg, JwkSet, SigningKey};

use crate::application::SigningAlg;
use crate::{Directory, Error, Result};

pub use store::KeyRow;

/// How long a rotated-in key is published before it signs, in seconds.
pub const LEAD_S: i64 = 3600;
/// How long a key stays published after it stopped signing, in seconds: longer than any token it signed is valid.
pub const OVERLAP_S: i64 = 2 * 86_400;
/// How long the keys of an organization may be read from memory, in seconds: another node may have rotated.
const CACHE_S: i64 = 60;
/// How exact a key's last use is, in seconds: a signature writes it only when it is older than this.
const USED_EVERY_S: i64 = 600;
/// What is made before anybody asks: whoever fetched the key set before the first client with another algorithm was made
/// finds its key there. An RSA key for PS256 too would cost every organization a tenth of a second and more.
const FROM_THE_START: [SigningAlg; 4] = [SigningAlg::Rs256, SigningAlg::Es256, SigningAlg::Es384, SigningAlg::EdDsa];

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
    keys: HashMap<String, Parsed>,
    /// The public halves of those that are published.
    set: Arc<JwkSet>,
    at: Micros,
    /// When the first of them is dropped.
    until: Option<Micros>,
}

/// A key ready to sign, and when its last use was written down.
struct Parsed {
    key: SigningKey,
    noted: AtomicI64,
}

type Making = Arc<tokio::sync::Mutex<()>>;

/// The parsed keys of the organizations in use, and the first keys that are being made: of several requests that need
/// one, the others wait for the first.
#[derive(Default)]
pub(crate) struct Cache {
    loaded: RwLock<HashMap<Id, Arc<Loaded>>>,
    making: Mutex<HashMap<(Id, SigningAlg), Making>>,
    generated: AtomicU64,
}

impl Cache {
    fn get(&self, org: Id, now: Micros) -> Option<Arc<Loaded>> {
        let map = self.loaded.read().unwrap_or_else(PoisonError::into_inner);
        let holds = |l: &&Arc<Loaded>| now < l.at.plus_s(CACHE_S) && l.until.is_none_or(|until| now < until);
        map.get(&org).filter(holds).cloned()
    }

    fn put(&self, org: Id, loaded: Arc<Loaded>) {
        let mut map = self.loaded.write().unwrap_or_else(PoisonError::into_inner);
        if map.len() > 10_000 {
            map.clear();
        }
        map.insert(org, loaded);
    }

    fn making(&self, org: Id, alg: SigningAlg) -> Making {
        self.making.lock().unwrap_or_else(PoisonError::into_inner).entry((org, alg)).or_default().clone()
    }

    fn made(&self, org: Id, alg: SigningAlg) {
        self.making.lock().unwrap_or_else(PoisonError::into_inner).remove(&(org, alg));
    }

    pub(crate) fn forget(&self, org: Id) {
        self.loaded.write().unwrap_or_else(PoisonError::into_inner).remove(&org);
    }
}

pub(crate) fn jose_alg(alg: SigningAlg) -> Alg {
    match alg {
        SigningAlg::Rs256 => Alg::RS256,
        SigningAlg::Ps256 => Alg::PS256,
        SigningAlg::Es256 => Alg::ES256,
        SigningAlg::Es384 => Alg::ES384,
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
        let noted = AtomicI64::new(row.last_used_at.map_or(0, |at| at.0));
        keys.insert(row.kid.clone(), Parsed { key: store::open(directory, org, row)?, noted });
    }
    let published = states(&rows, now).into_iter().filter_map(|(row, _)| keys.get(&row.kid));
    let set = Arc::new(published.map(|parsed: &Parsed| parsed.key.public_jwk()).collect());
    let until = rows.iter().filter_map(|row| row.drop_at).filter(|at| *at > now).min();
    let loaded = Arc::new(Loaded { rows, keys, set, at: now, until });
    directory.key_cache().put(org, loaded.clone());
    Ok(loaded)
}

/// The key that signs now; the first use of an algorithm makes it. Its use is written down.
///
/// # Errors
/// The database's; [`Error::Internal`] when the master key does not open it.
pub async fn signing(directory: &Directory, org: Id, alg: SigningAlg) -> Result<SigningKey> {
    let loaded = with_active(directory, org, alg).await?;
    let now = directory.env().clock.now();
    let active = active(&loaded, alg, now).ok_or_else(|| missing(alg))?;
    let noted = active.noted.load(Ordering::Relaxed);
    // Of many at once, the one that moves the mark writes.
    if now >= Micros(noted).plus_s(USED_EVERY_S)
        && active.noted.compare_exchange(noted, now.0, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    {
        store::used(directory, org, active.key.kid(), now).await?;
    }
    Ok(active.key.clone())
}

fn active(loaded: &Loaded, alg: SigningAlg, now: Micros) -> Option<&Parsed> {
    // What `states` calls active, without making the whole list for every signature.
    let published = loaded.rows.iter().filter(|r| r.drop_at.is_none_or(|at| now < at));
    let signing = published.filter(|r| r.alg == alg && r.signs_from <= now);
    let newest = signing.max_by_key(|r| (r.signs_from, &r.kid))?;
    loaded.keys.get(&newest.kid)
}

fn missing(alg: SigningAlg) -> Error {
    Error::Internal(format!("no {} signing key could be made", alg.word()))
}

/// The keys, of which one of this algorithm signs: made now if there is none. Requests that come meanwhile wait, so that
/// one key is made and not one for each of them.
async fn with_active(directory: &Directory, org: Id, alg: SigningAlg) -> Result<Arc<Loaded>> {
    let present = async || {
        let loaded = load(directory, org).await?;
        let found = active(&loaded, alg, directory.env().clock.now()).is_some();
        Ok::<_, Error>(found.then_some(loaded))
    };
    if let Some(loaded) = present().await? {
        return Ok(loaded);
    }
    let making = directory.key_cache().making(org, alg);
    let _turn = making.lock().await;
    // Somebody here, or another node, may have made it meanwhile.
    directory.key_cache().forget(org);
    if let Some(loaded) = present().await? {
        return Ok(loaded);
    }
    rotate::first(directory, org, alg).await?;
    directory.key_cache().forget(org);
    directory.key_cache().made(org, alg);
    present().await?.ok_or_else(|| missing(alg))
}

/// The key set of an organization (RFC 7517): every key that signs, will sign, or signed what may still be valid. The same
/// one until a key comes or goes, or the keys are read anew, a minute at most.
///
/// # Errors
/// As [`signing`].
pub async fn published(directory: &Directory, org: Id) -> Result<Arc<JwkSet>> {
    for alg in FROM_THE_START {
        with_active(directory, org, alg).await?;
    }
    Ok(load(directory, org).await?.set.clone())
}

/// How many keys this process has made.
#[must_use]
pub fn generated(directory: &Directory) -> u64 {
    directory.key_cache().generated.load(Ordering::Relaxed)
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
            last_used_at: None,
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
