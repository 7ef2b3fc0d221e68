//! Asks the userinfo endpoint (OpenID Connect Core section 5.3) for what the ID token does not say.

use muster_directory::identity_provider::IdentityProvider;
use muster_directory::{Directory, Result};
use muster_jose::Alg;
use muster_oauth::relying_party::IdentityClaims;
use serde_json::{Map, Value};

use crate::provider::{Documents, Providers};
use crate::token;

/// Where it is asked, and with what.
pub struct Asked<'a> {
    /// The directory, for our keys.
    pub directory: &'a Directory,
    /// The providers.
    pub providers: &'a Providers,
    /// The one that is asked.
    pub idp: &'a IdentityProvider,
    /// What it says of itself.
    pub documents: &'a Documents,
    /// The access token that it gave.
    pub access_token: &'a str,
}

impl Asked<'_> {
    /// The claims with those of the userinfo endpoint, where the ID token lacks the one that finds or makes the person. The
    /// inner error is what the endpoint did instead of answering, in words.
    ///
    /// # Errors
    /// The database's, where our keys are read.
    pub async fn complete(&self, claims: IdentityClaims) -> Result<std::result::Result<IdentityClaims, String>> {
        let doc = &self.idp.doc;
        let enough = claims.raw.contains_key(&doc.matching.claim) && (claims.email.is_some() || !doc.jit.enabled);
        let Some(url) = self.documents.metadata.userinfo_endpoint.as_deref().filter(|_| !enough) else {
            return Ok(Ok(claims));
        };
        let answer = match self.providers.egress().get(url, Some(self.access_token)).await {
            Ok(answer) => answer,
            Err(error) => return Ok(Err(error.to_string())),
        };
        if answer.status != 200 {
            return Ok(Err(format!("the userinfo endpoint answered with status {}", answer.status)));
        }
        let said = match serde_json::from_slice(&answer.body) {
            Ok(said) => said,
            Err(_) => match self.signed(&answer.body).await? {
                Ok(said) => said,
                Err(problem) => return Ok(Err(problem)),
            },
        };
        Ok(claims.with_userinfo(&said).map_err(|e| e.to_string()))
    }

    /// The claims of an answer that is a token (section 5.3.2): by the provider, for us, where it says so.
    async fn signed(&self, body: &[u8]) -> Result<std::result::Result<Map<String, Value>, String>> {
        let problem = || "the userinfo endpoint answered neither with a JSON object nor with a token".to_owned();
        let Ok(text) = std::str::from_utf8(body) else { return Ok(Err(problem())) };
        let opened = match token::decrypted(self.directory, self.idp, text.trim()).await? {
            Ok(opened) => opened,
            Err(_) => return Ok(Err(problem())),
        };
        if let Ok(plain) = serde_json::from_str(&opened) {
            // Encrypted to us, without a signature.
            return Ok(Ok(plain));
        }
        let verified = token::verified(self.providers, self.idp, self.documents.clone(), &opened, &Alg::ALL).await;
        let (claims, issuer, client) = match verified {
            Ok((verified, documents)) => (verified.claims, documents.issuer, &self.idp.doc.client_id),
            Err(why) => return Ok(Err(format!("the userinfo answer: {why}"))),
        };
        let named = |name: &str| claims.get(name).and_then(Value::as_str);
        let by_them = named("iss").is_none_or(|iss| issuer.accepts(iss, named("tid")));
        let for_us = match claims.get("aud") {
            None => true,
            Some(Value::Array(all)) => all.iter().any(|one| one.as_str() == Some(client)),
            Some(one) => one.as_str() == Some(client),
        };
        if !by_them || !for_us {
            return Ok(Err("the userinfo answer is by another issuer or for another client".into()));
        }
        Ok(Ok(claims))
    }
}
