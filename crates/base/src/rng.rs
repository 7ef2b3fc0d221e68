//! Randomness. The only place that asks the system for it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Fills buffers with random bytes: the system's, or a repeatable stream for tests.
#[derive(Clone)]
pub struct Rng(Source);

#[derive(Clone)]
enum Source {
    System,
    Seeded(Arc<Mutex<u64>>),
}

impl Rng {
    /// The operating system's generator.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A repeatable, **predictable** stream (splitmix64); for tests only.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Source::Seeded(Arc::new(Mutex::new(seed))))
    }

    /// Fills `buffer`.
    ///
    /// # Panics
    /// When the operating system has no randomness to give: nothing that needs a secret may go on then.
    #[expect(clippy::panic, reason = "a server without randomness must not make secrets")]
    pub fn fill(&self, buffer: &mut [u8]) {
        match &self.0 {
            #[expect(clippy::disallowed_methods, reason = "the one place that asks for it")]
            Source::System => {
                if let Err(error) = getrandom::fill(buffer) {
                    panic!("the operating system gave no randomness: {error}");
                }
            }
            Source::Seeded(state) => {
                let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                for chunk in buffer.chunks_mut(8) {
                    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
                    let mut z = *state;
                    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
                    let bytes = (z ^ (z >> 31)).to_le_bytes();
                    chunk.copy_from_slice(&bytes[..chunk.len()]);
                }
            }
        }
    }

    /// `N` random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        self.fill(&mut out);
        out
    }
}

impl fmt::Debug for Rng {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rng")
    }
}
