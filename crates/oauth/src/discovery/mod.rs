//! Metadata of a provider (OpenID Connect Discovery 1.0, RFC 8414): ours to publish, a foreign one's to read and judge.
//! Never here: fetching it.

mod check;
mod issuer;
mod metadata;
mod well_known;

pub use check::{Problem, check};
pub use issuer::{IssuerRule, is_entra_host};
pub use metadata::Metadata;
pub use well_known::{WELL_KNOWN_PATH, WellKnown, well_known_url};

/// The largest metadata document that is read, in bytes.
pub const MAX_BYTES: usize = 256 * 1024;
