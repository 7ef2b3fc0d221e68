//! How we show a provider who we are: with the client secret, or with an assertion signed by a key of ours.

use muster_base::Secret;
use muster_directory::identity_provider::{self, ClientProof, IdentityProvider};
use muster_directory::{Directory, Error, Result};
use muster_jose::Alg;
use muster_oauth::discovery::Metadata;
use muster_oauth::relying_party::{AssertionAudience, TokenRequest, assertion_claims, with_assertion};

use crate::key;

/// Our algorithms for assertions, the best first.
const ALGS: [Alg; 5] = [Alg::ES256, Alg::EdDsa, Alg::ES384, Alg::PS256, Alg::RS256];

/// The client secret, where it is what we authenticate with.
///
/// # Errors
/// The database's; [`Error::Internal`] when the master key does not open it.
pub async fn secret(directory: &Directory, idp: &IdentityProvider) -> Result<Option<Secret>> {
    match idp.doc.options.token_endpoint_auth {
        ClientProof::ClientSecret => identity_provider::store::client_secret(directory, idp.org, idp.id).await,
        ClientProof::PrivateKeyJwt | ClientProof::PrivateKeyJwtTokenEndpoint => Ok(None),
    }
}

/// The request with our assertion in it, where that is what we authenticate with; else as it is.
///
/// # Errors
/// The database's, where the key is read.
pub async fn asserted(
    directory: &Directory,
    idp: &IdentityProvider,
    metadata: &Metadata,
    request: TokenRequest,
) -> Result<TokenRequest> {
    let audience = match idp.doc.options.token_endpoint_auth {
        ClientProof::ClientSecret => return Ok(request),
        ClientProof::PrivateKeyJwt => AssertionAudience::Issuer,
        ClientProof::PrivateKeyJwtTokenEndpoint => AssertionAudience::TokenEndpoint,
    };
    let key = key::signing(directory, idp.org, alg(metadata)).await?;
    let env = directory.env();
    let jti = env.id().text();
    let claims = assertion_claims(metadata, audience, &idp.doc.client_id, &jti, env.clock.now().seconds());
    let assertion = key.sign(Some("JWT"), &claims).map_err(|e| Error::Internal(e.to_string()))?;
    Ok(with_assertion(request, &assertion))
}

/// The best algorithm that the provider takes; RS256, which every provider has to take, when it does not say. Pure.
fn alg(metadata: &Metadata) -> Alg {
    let offered = metadata.token_endpoint_auth_signing_alg_values_supported.as_deref().unwrap_or_default();
    ALGS.into_iter().find(|alg| offered.iter().any(|name| name == alg.name())).unwrap_or(Alg::RS256)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_that_the_provider_takes() {
        let of = |names: Option<&[&str]>| {
            let names = names.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
            alg(&Metadata { token_endpoint_auth_signing_alg_values_supported: names, ..Metadata::default() })
        };
        assert_eq!(of(None), Alg::RS256);
        assert_eq!(of(Some(&["HS256"])), Alg::RS256);
        assert_eq!(of(Some(&["RS256", "PS256"])), Alg::PS256);
        assert_eq!(of(Some(&["RS256", "ES256"])), Alg::ES256);
    }
}
