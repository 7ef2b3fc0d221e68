//! XML signatures as SAML uses them: one narrow shape, verified with keys from stored metadata only; and the detached
//! signatures of the Redirect binding. Never here: what a signed message says.

mod algorithm;
mod detached;
mod shape;
mod sign;
mod verify;

pub use algorithm::{DigestAlgorithm, SignatureAlgorithm};
pub use detached::{sign_query, verify_query};
pub use sign::{Signer, enveloped};
pub use verify::{Signed, Verified, is_signed, verify};

use crate::key::PublicKey;
use crate::xml::canonical::CanonicalError;
use crate::xml::node::ShapeError;

/// The most keys that one signature is tried with.
pub const MAX_KEYS: usize = 8;

/// Whose signatures count.
#[derive(Clone, Copy, Debug)]
pub struct Trust<'a> {
    /// The sender's keys, from stored metadata; any of them (roll-over). At most [`MAX_KEYS`] are tried.
    pub keys: &'a [PublicKey],
    /// Whether RSA with SHA-1, and SHA-1 digests, are accepted from this sender.
    pub allow_sha1: bool,
}

/// Why a signature does not count. None of them says more than the sender of the message knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// There is none where one has to be.
    #[error("the element is not signed")]
    Missing,
    /// No key is stored to check it with.
    #[error("no signing certificate is stored for the sender: import its metadata")]
    NoKey,
    /// The signature is not of the one shape that is accepted.
    #[error("the signature is not of the accepted shape: {0}")]
    Shape(&'static str),
    /// An element of it is not as it has to be.
    #[error("the signature is not of the accepted shape: {0}")]
    Element(#[from] ShapeError),
    /// An algorithm that is not spoken.
    #[error("the algorithm \"{0}\" is not accepted")]
    Algorithm(String),
    /// SHA-1 without leave.
    #[error("SHA-1 is not accepted from this sender: sign with RSA-SHA256, or allow SHA-1 for it")]
    Sha1,
    /// The reference is not to the element that the signature stands in.
    #[error("the signature does not refer to the element that it stands in")]
    Reference,
    /// Two elements with the same identifier.
    #[error("the identifier \"{0}\" is there more than once")]
    DuplicateId(String),
    /// What is signed has no canonical form.
    #[error("what is signed cannot be canonicalized: {0}")]
    Canonical(#[from] CanonicalError),
    /// The signature is none of the stored keys'.
    #[error("the signature is of none of the sender's stored certificates")]
    Signature,
    /// The content was changed after it was signed.
    #[error("what is signed was changed: its digest is another")]
    Digest,
}
