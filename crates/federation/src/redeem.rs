//! Redeems the provider's code at its token endpoint. Never here: what the tokens say.

use muster_base::Secret;
use muster_directory::identity_provider::IdentityProvider;
use muster_directory::{Directory, Result};
use muster_oauth::client_auth::Method;
use muster_oauth::relying_party::{Credentials, ProviderError, code_request, other_method, read_answer};
use muster_oauth::token;

use crate::authenticate;
use crate::provider::{Documents, Providers};
use crate::store::Pending;

/// What one request came to: how we authenticated, and what was answered. The outer error is for no answer at all.
type Answered = std::result::Result<(Method, std::result::Result<token::Response, ProviderError>), String>;

/// ID token and access token; the inner error is the provider's, in words.
///
/// # Errors
/// The database's, where our secret or key is read.
pub async fn redeem(
    directory: &Directory,
    providers: &Providers,
    idp: &IdentityProvider,
    documents: &Documents,
    pending: &Pending,
    code: &str,
) -> Result<std::result::Result<(String, String), String>> {
    let secret = authenticate::secret(directory, idp).await?;
    let ask = Ask { directory, providers, idp, documents, pending, code, secret: secret.as_ref() };
    let (mut method, mut answer) = match ask.once(providers.method(idp.org, idp.id)).await? {
        Ok(answered) => answered,
        Err(problem) => return Ok(Err(problem)),
    };
    if let Err(ProviderError::Refused { error, .. }) = &answer
        && error == "invalid_client"
        && secret.is_some()
        && let Some(other) = other_method(&documents.metadata, method)
    {
        (method, answer) = match ask.once(Some(other)).await? {
            Ok(answered) => answered,
            Err(problem) => return Ok(Err(problem)),
        };
    }
    let tokens = match answer {
        Ok(tokens) => tokens,
        Err(problem) => return Ok(Err(problem.to_string())),
    };
    if secret.is_some() {
        providers.remember_method(idp.org, idp.id, method);
    }
    let Some(id_token) = tokens.id_token else {
        return Ok(Err("the provider sent no ID token: ask for the scope openid".into()));
    };
    Ok(Ok((id_token, tokens.access_token)))
}

struct Ask<'a> {
    directory: &'a Directory,
    providers: &'a Providers,
    idp: &'a IdentityProvider,
    documents: &'a Documents,
    pending: &'a Pending,
    code: &'a str,
    secret: Option<&'a Secret>,
}

impl Ask<'_> {
    /// One request to the token endpoint.
    async fn once(&self, method: Option<Method>) -> Result<Answered> {
        let client_secret = self.secret.map(Secret::expose);
        let credentials = Credentials { client_id: &self.idp.doc.client_id, client_secret };
        let verifier = self.pending.proofs.verifier.expose();
        let (metadata, redirect_uri) = (&self.documents.metadata, &self.pending.redirect_uri);
        let Some(request) = code_request(metadata, credentials, self.code, redirect_uri, verifier, method) else {
            return Ok(Err("no token endpoint".into()));
        };
        let request = authenticate::asserted(self.directory, self.idp, metadata, request).await?;
        let sent =
            self.providers.egress().post_form(&request.url, request.body, request.authorization.as_deref()).await;
        Ok(sent.map_err(|e| e.to_string()).map(|answer| (request.method, read_answer(answer.status, &answer.body))))
    }
}
