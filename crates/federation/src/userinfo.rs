//! Asks the userinfo endpoint (OpenID Connect Core section 5.3) for what the ID token does not say.

use muster_directory::identity_provider::IdentityProvider;
use muster_http::Egress;
use muster_oauth::relying_party::IdentityClaims;
use serde_json::{Map, Value};

use crate::provider::Documents;

/// The claims with those of the userinfo endpoint, where the ID token lacks the one that finds or makes the person.
///
/// # Errors
/// What the endpoint did instead of answering, in words.
pub async fn complete(
    egress: &Egress,
    idp: &IdentityProvider,
    documents: &Documents,
    access_token: &str,
    claims: IdentityClaims,
) -> Result<IdentityClaims, String> {
    let enough = claims.raw.contains_key(&idp.doc.matching.claim) && (claims.email.is_some() || !idp.doc.jit.enabled);
    let Some(url) = documents.metadata.userinfo_endpoint.as_deref().filter(|_| !enough) else { return Ok(claims) };
    let answer = egress.get(url, Some(access_token)).await.map_err(|e| e.to_string())?;
    if answer.status != 200 {
        return Err(format!("the userinfo endpoint answered with status {}", answer.status));
    }
    let said: Map<String, Value> = serde_json::from_slice(&answer.body)
        .map_err(|_| "the userinfo endpoint did not answer with a JSON object".to_owned())?;
    claims.with_userinfo(&said).map_err(|e| e.to_string())
}
