//! Keys and certificates: ours to sign and decrypt with, foreign ones to verify and encrypt with. Never here: where a key
//! is kept or which one a message is checked with.

mod certificate;
mod decryption;
mod public;
mod self_signed;
mod sign_sha1;
mod signing;

pub use certificate::Certificate;
pub use decryption::DecryptionKey;
pub use public::PublicKey;
pub use self_signed::{SelfSigned, self_signed};
pub use signing::SigningKey;

/// The weakest RSA modulus that is accepted, in bits.
pub const MIN_RSA_BITS: usize = 2048;
/// The largest RSA modulus that is accepted, in bits (a larger one only costs time).
pub const MAX_RSA_BITS: usize = 8192;

/// The kinds of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// RSA of [`MIN_RSA_BITS`] to [`MAX_RSA_BITS`].
    Rsa,
    /// The curve P-256.
    P256,
    /// The curve P-384.
    P384,
}

/// What can be wrong with a key or certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No X.509 certificate.
    #[error("not an X.509 certificate: paste it as PEM or as base64 of its DER form")]
    Certificate,
    /// No key of a kind that is spoken.
    #[error("the key is not RSA of {MIN_RSA_BITS} to {MAX_RSA_BITS} bits and not on P-256 or P-384")]
    Kind,
    /// No PKCS#8 private key.
    #[error("not a private key of RSA, P-256 or P-384 in PEM (\"BEGIN PRIVATE KEY\"), without a passphrase")]
    PrivateKey,
    /// The key cannot make signatures of this algorithm.
    #[error("the key cannot sign with the chosen algorithm")]
    Algorithm,
    /// The certificate is of another key.
    #[error("the certificate is not of this private key")]
    Mismatch,
    /// The cryptographic library failed.
    #[error("the cryptographic library failed: {0}")]
    Crypto(&'static str),
}
