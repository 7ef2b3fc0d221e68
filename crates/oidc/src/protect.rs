//! Signs what an application gets, and encrypts it to the application's key where that is set up. Never here: what it
//! says.

use muster_directory::{Error, Result};
use muster_jose::{Enc, JwkSet, KeyAlg, SigningKey, encrypt as seal, recipient};
use serde::Serialize;

use crate::client::Client;

/// A signed token; `kind` is its declared type, by which nothing of ours is taken for another thing of ours (RFC 8725
/// section 3.11).
///
/// # Errors
/// The signing library's.
pub fn sign(key: &SigningKey, kind: Option<&str>, claims: &impl Serialize) -> Result<String> {
    key.sign(kind, claims).map_err(|error| Error::Internal(format!("signing a token: {error}")))
}

/// The application's public keys.
fn keys(client: &Client) -> JwkSet {
    client.oidc.authentication.keys()
}

/// A signed token as the application gets it: inside an encrypted one where that is set up.
///
/// # Errors
/// [`Error::Internal`] when there is no key to encrypt to (any more): nothing goes out in the clear instead.
pub fn token(client: &Client, encryption: Option<(KeyAlg, Enc)>, signed: String) -> Result<String> {
    match encryption {
        None => Ok(signed),
        Some(how) => content(client, how, signed.as_bytes(), Some("JWT")),
    }
}

/// Anything encrypted to the application.
///
/// # Errors
/// As [`token`].
pub fn content(client: &Client, (alg, enc): (KeyAlg, Enc), plain: &[u8], cty: Option<&str>) -> Result<String> {
    let keys = keys(client);
    let failed = |why: String| Error::Internal(format!("encrypting to the application {}: {why}", client.app.id));
    let key = recipient(&keys, alg).ok_or_else(|| failed(format!("it has no key for {alg}")))?;
    seal(plain, key, alg, enc, cty).map_err(|error| failed(error.to_string()))
}
