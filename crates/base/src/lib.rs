//! What every crate of ours stands on: identifiers, the clock, randomness, secrets, e-mail addresses and limits.
//!
//! Never here: storage, HTTP, anything about users or protocols, or a function that reads the ambient clock
//! outside [`clock`] and [`rng`].

pub mod clock;
pub mod email;
pub mod id;
pub mod keyring;
pub mod limits;
pub mod rng;
pub mod secret;

pub use clock::{Clock, Micros};
pub use email::{Email, is_invisible};
pub use id::Id;
pub use keyring::Keyring;
pub use rng::Rng;
pub use secret::{Digest, Secret, digest};

/// The ambient things that a decision must not reach for by itself: they are passed in, so that tests can move them.
#[derive(Clone, Debug)]
pub struct Env {
    /// The time.
    pub clock: Clock,
    /// Randomness.
    pub rng: Rng,
}

impl Env {
    /// The system's clock and randomness.
    #[must_use]
    pub fn system() -> Self {
        Self { clock: Clock::system(), rng: Rng::system() }
    }

    /// A new identifier at the current time.
    #[must_use]
    pub fn id(&self) -> Id {
        Id::new(self.clock.now(), &self.rng)
    }

    /// A new high-entropy secret: 256 bits, URL-safe base64 without padding (43 characters).
    #[must_use]
    pub fn secret(&self) -> Secret {
        Secret::random(&self.rng)
    }
}
