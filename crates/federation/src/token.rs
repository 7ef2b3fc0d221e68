//! Opens a token of a provider: decrypts it where it is encrypted to us, and checks its signature against the provider's
//! keys; a key that is not known yet is looked for once (rotation). Never here: what its claims say.

use muster_directory::identity_provider::IdentityProvider;
use muster_directory::{Directory, Result};
use muster_jose::{Alg, Verified, VerifyError, decrypt, is_encrypted, verify};

use crate::key;
use crate::provider::{Documents, Providers};

/// The signed token, taken out of its encryption where it has one; the inner error says why that fails.
///
/// # Errors
/// The database's, where our keys are read.
pub async fn opened(
    directory: &Directory,
    idp: &IdentityProvider,
    token: &str,
) -> Result<std::result::Result<String, String>> {
    if !is_encrypted(token) && idp.doc.options.require_encrypted_id_token {
        return Ok(Err("the token is not encrypted, though that is agreed with the provider".into()));
    }
    decrypted(directory, idp, token).await
}

/// What is in a token that is encrypted to us; one that is not, as it is.
///
/// # Errors
/// The database's, where our keys are read.
pub async fn decrypted(
    directory: &Directory,
    idp: &IdentityProvider,
    token: &str,
) -> Result<std::result::Result<String, String>> {
    if !is_encrypted(token) {
        return Ok(Ok(token.to_owned()));
    }
    let keys = key::decryption(directory, idp.org).await?;
    Ok(match decrypt(token, &keys) {
        Ok(decrypted) => String::from_utf8(decrypted.plain)
            .map_err(|_| "what is in the encrypted token is no signed token".to_owned()),
        Err(error) => Err(error.to_string()),
    })
}

/// The token with its claims, if its signature is by a key of the provider, and the documents that say so.
pub async fn verified(
    providers: &Providers,
    idp: &IdentityProvider,
    documents: Documents,
    token: &str,
    allowed: &[Alg],
) -> std::result::Result<(Verified, Documents), String> {
    match verify(token, &documents.keys, allowed) {
        Ok(verified) => Ok((verified, documents)),
        Err(VerifyError::UnknownKid(kid)) => {
            let unknown = || format!("the token is signed with a key that the provider does not publish: {kid}");
            let documents = providers.refreshed(&idp.doc.url).await.ok_or_else(unknown)??;
            let verified = verify(token, &documents.keys, allowed).map_err(|e| e.to_string())?;
            Ok((verified, documents))
        }
        Err(error) => Err(error.to_string()),
    }
}
