//! Signs what an application gets, and encrypts it to the application's key where that is set up. Never here: what it
//! says.

use muster_directory::{Error, Result};
use muster_http::Site;
use muster_jose::{Enc, KeyAlg, SigningKey, encrypt as seal, recipient};
use serde::Serialize;

use crate::client::Client;
use crate::key_set::{self, Wanted};

/// A signed token; `kind` is its declared type, by which nothing of ours is taken for another thing of ours (RFC 8725
/// section 3.11).
///
/// # Errors
/// The signing library's.
pub fn sign(key: &SigningKey, kind: Option<&str>, claims: &impl Serialize) -> Result<String> {
    key.sign(kind, claims).map_err(|error| Error::Internal(format!("signing a token: {error}")))
}

/// A signed token as the application gets it: inside an encrypted one where that is set up.
///
/// # Errors
/// [`Error::Internal`] when there is no key to encrypt to (any more): nothing goes out in the clear instead.
pub async fn token(site: &Site, client: &Client, encryption: Option<(KeyAlg, Enc)>, signed: String) -> Result<String> {
    match encryption {
        None => Ok(signed),
        Some(how) => content(site, client, how, signed.as_bytes(), Some("JWT")).await,
    }
}

/// Anything encrypted to the application.
///
/// # Errors
/// As [`token`].
pub async fn content(
    site: &Site,
    client: &Client,
    (alg, enc): (KeyAlg, Enc),
    plain: &[u8],
    cty: Option<&str>,
) -> Result<String> {
    let failed = |why: String| Error::Internal(format!("encrypting to the application {}: {why}", client.app.id));
    let keys = key_set::of(site, client, Wanted::Kept).await.map_err(failed)?;
    let key = recipient(&keys, alg).ok_or_else(|| failed(format!("it has no key for {alg}")))?;
    seal(plain, key, alg, enc, cty).map_err(|error| failed(error.to_string()))
}
