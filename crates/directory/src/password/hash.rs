//! Argon2id in a bounded pool with reused memory (m = 19 MiB, t = 2, p = 1: OWASP's first choice).

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use muster_base::{Rng, Secret, limits};
use tokio::sync::Semaphore;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const OUTPUT: usize = 32;
const SALT: usize = 16;
/// How many may wait for each slot before new ones are turned away.
const QUEUE_PER_SLOT: usize = 64;

/// Every slot is taken and the queue is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many sign-ins at once: try again in a moment")]
pub struct TooBusy;

/// Hashes and verifies passwords, at most `slots` at once. A slot's 19 MiB are taken at its first use.
#[derive(Clone)]
pub struct Hasher {
    slots: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
    computed: Arc<AtomicU64>,
}

impl Hasher {
    /// A pool of `slots`.
    #[must_use]
    pub fn new(slots: usize) -> Self {
        Self {
            slots: Arc::new(Semaphore::new(slots)),
            queue: Arc::new(Semaphore::new(slots * QUEUE_PER_SLOT)),
            memory: Arc::new(Mutex::new(Vec::new())),
            computed: Arc::default(),
        }
    }

    /// How many hashes were computed since the start: tests count work, they never time it.
    #[must_use]
    pub fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    /// A new hash in PHC form.
    ///
    /// # Errors
    /// [`TooBusy`].
    pub async fn hash(&self, password: &Secret, rng: &Rng) -> Result<String, TooBusy> {
        let salt: [u8; SALT] = rng.bytes();
        let computed = self.compute(password.clone(), salt.to_vec(), MEMORY_KIB, PASSES, LANES).await?;
        let computed = computed.ok_or(TooBusy)?;
        Ok(format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${}${}", encode(&salt), encode(&computed)))
    }

    /// Whether the password is the hash's. Without a hash the same work is done and the answer is no: the time tells
    /// a stranger nothing.
    ///
    /// # Errors
    /// [`TooBusy`].
    pub async fn verify(&self, phc: Option<String>, password: &Secret) -> Result<bool, TooBusy> {
        let parsed = phc.as_deref().and_then(parse);
        let known = parsed.is_some();
        let Phc { memory, passes, lanes, salt, output } = parsed.unwrap_or_else(Phc::decoy);
        let computed = self.compute(password.clone(), salt, memory, passes, lanes).await?;
        Ok(known && computed.is_some_and(|c| muster_base::secret::same(&c, &output)))
    }

    async fn compute(
        &self,
        password: Secret,
        salt: Vec<u8>,
        memory: u32,
        passes: u32,
        lanes: u32,
    ) -> Result<Option<[u8; OUTPUT]>, TooBusy> {
        let _place = self.queue.clone().try_acquire_owned().map_err(|_| TooBusy)?;
        let slot = self.slots.clone().acquire_owned().await.map_err(|_| TooBusy)?;
        let pool = self.memory.clone();
        self.computed.fetch_add(1, Ordering::Relaxed);
        let computed = tokio::task::spawn_blocking(move || {
            let _slot = slot;
            let text = password.expose();
            if text.len() > limits::PASSWORD_MAX * 4 {
                return None;
            }
            let params = Params::new(memory, passes, lanes, Some(OUTPUT)).ok()?;
            let blocks = params.block_count();
            let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            let mut buffer = pool.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
            buffer.resize(blocks.max(buffer.len()), Block::default());
            let mut out = [0; OUTPUT];
            let done = argon.hash_password_into_with_memory(text.as_bytes(), &salt, &mut out, &mut buffer);
            pool.lock().unwrap_or_else(PoisonError::into_inner).push(buffer);
            done.ok().map(|()| out)
        })
        .await;
        computed.map_err(|_| TooBusy)
    }
}

/// Whether a text is a hash that [`Hasher::verify`] reads.
#[must_use]
pub fn looks_hashed(text: &str) -> bool {
    parse(text).is_some()
}

struct Phc {
    memory: u32,
    passes: u32,
    lanes: u32,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl Phc {
    fn decoy() -> Self {
        Self { memory: MEMORY_KIB, passes: PASSES, lanes: LANES, salt: vec![7; SALT], output: vec![0; OUTPUT] }
    }
}

/// Reads `$argon2id$v=19$m=..,t=..,p=..$salt$hash`, with bounds on the cost.
fn parse(phc: &str) -> Option<Phc> {
    let mut parts = phc.strip_prefix("$argon2id$v=19$")?.split('$');
    let (costs, salt, output) = (parts.next()?, parts.next()?, parts.next()?);
    let (mut memory, mut passes, mut lanes) = (None, None, None);
    for cost in costs.split(',') {
        let (name, value) = cost.split_once('=')?;
        let value: u32 = value.parse().ok()?;
        match name {
            "m" if value <= 1 << 20 => memory = Some(value),
            "t" if value <= 64 => passes = Some(value),
            "p" if value <= 16 => lanes = Some(value),
            _ => return None,
        }
    }
    let output = decode(output)?;
    (output.len() == OUTPUT && parts.next().is_none()).then_some(())?;
    Some(Phc { memory: memory?, passes: passes?, lanes: lanes?, salt: decode(salt)?, output })
}

fn encode(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD_NO_PAD.encode(bytes)
}

fn decode(text: &str) -> Option<Vec<u8>> {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn verifies_only_the_same_password() {
        let hasher = Hasher::new(1);
        let phc = hasher.hash(&Secret::new("correct horse"), &Rng::seeded(1)).await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(hasher.verify(Some(phc.clone()), &Secret::new("correct horse")).await.unwrap());
        assert!(!hasher.verify(Some(phc), &Secret::new("correct horsf")).await.unwrap());
        assert!(!hasher.verify(None, &Secret::new("correct horse")).await.unwrap());
    }

    #[test]
    fn refuses_costs_beyond_bounds_and_broken_texts() {
        for text in ["", "$argon2id$v=19$m=99999999,t=2,p=1$AAAA$AAAA", "$argon2i$v=19$m=8,t=1,p=1$AA$AA", "plain"] {
            assert!(!looks_hashed(text), "{text}");
        }
    }
}
