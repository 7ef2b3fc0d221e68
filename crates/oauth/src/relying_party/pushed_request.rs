//! Pushing the authorization request to a foreign provider (RFC 9126), so that the browser carries only a reference.
//! Never here: sending it.

use super::token_request::{Credentials, ProviderError, TokenRequest, present, refusal};
use crate::client_auth::Method;
use crate::discovery::Metadata;
use crate::form;
use serde_json::Value;

/// The longest reference that is taken, in bytes.
const MAX_URI_BYTES: usize = 2048;

/// The request that pushes these parameters, or `None` when the provider has no such endpoint. We authenticate as at the
/// token endpoint (section 2).
#[must_use]
pub fn pushed_request(
    metadata: &Metadata,
    credentials: Credentials<'_>,
    pairs: &[(&'static str, String)],
    method: Option<Method>,
) -> Option<TokenRequest> {
    let url = metadata.pushed_authorization_request_endpoint.clone()?;
    let mut all: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    // Said once: with the parameters, or by whom we authenticate.
    all.retain(|(name, _)| *name != "client_id");
    let (method, authorization) = present(metadata, credentials, method, &mut all);
    if authorization.is_some() {
        all.push(("client_id", credentials.client_id));
    }
    Some(TokenRequest { url, authorization, body: form::write(all), method })
}

/// The reference in the provider's answer (section 2.2).
///
/// # Errors
/// What it answered instead.
pub fn read_pushed(status: u16, body: &[u8]) -> Result<String, ProviderError> {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |name: &str| answer.get(name).and_then(Value::as_str);
    if let Some(uri) = text("request_uri").filter(|uri| !uri.is_empty() && uri.len() <= MAX_URI_BYTES)
        && (200..300).contains(&status)
    {
        return Ok(uri.to_owned());
    }
    Err(refusal(&answer).unwrap_or(ProviderError::NotOAuth { status }))
}

/// The address to which the person is sent with the reference (section 4).
#[must_use]
pub fn redirect_to_pushed(metadata: &Metadata, client_id: &str, request_uri: &str) -> Option<String> {
    let endpoint = metadata.authorization_endpoint.as_deref()?;
    Some(form::append(endpoint, [("client_id", client_id), ("request_uri", request_uri)]))
}
