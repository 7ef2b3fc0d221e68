//! Redeeming a code at a foreign provider: the request to be sent and the answer that came. Never here: sending it.

use super::callback::clean;
use crate::client_auth::Method;
use crate::discovery::Metadata;
use crate::{form, token};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

/// The largest answer of a token endpoint that is read, in bytes.
pub const MAX_ANSWER_BYTES: usize = 256 * 1024;

/// Who we are at the provider.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    /// Our name there.
    pub client_id: &'a str,
    /// Our secret; `None` for a public client.
    pub client_secret: Option<&'a str>,
}

/// A POST to be sent with `Content-Type: application/x-www-form-urlencoded` and `Accept: application/json`. No `Debug`:
/// it holds secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenRequest {
    /// The token endpoint.
    pub url: String,
    /// The `Authorization` header, with `client_secret_basic`.
    pub authorization: Option<String>,
    /// The form.
    pub body: String,
    /// How we authenticate.
    pub method: Method,
}

/// The request that redeems a code (RFC 6749 section 4.1.3, RFC 7636 section 4.5), or `None` when the metadata has no
/// token endpoint.
///
/// `method` is how we authenticate, when that is known; else the provider's metadata decides.
#[must_use]
pub fn code_request<'a>(
    metadata: &Metadata,
    credentials: Credentials<'a>,
    code: &'a str,
    redirect_uri: &'a str,
    code_verifier: &'a str,
    method: Option<Method>,
) -> Option<TokenRequest> {
    let url = metadata.token_endpoint.clone()?;
    let mut pairs = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect_uri),
        ("code_verifier", code_verifier),
    ];
    let (method, authorization) = present(metadata, credentials, method, &mut pairs);
    Some(TokenRequest { url, authorization, body: form::write(pairs), method })
}

/// Adds who we are to a request: to the form, or as the `Authorization` header that is answered. Tells how.
pub(super) fn present<'a>(
    metadata: &Metadata,
    credentials: Credentials<'a>,
    method: Option<Method>,
    pairs: &mut Vec<(&'a str, &'a str)>,
) -> (Method, Option<String>) {
    let method = method.unwrap_or_else(|| method_for(metadata, credentials));
    let mut authorization = None;
    match (method, credentials.client_secret) {
        (Method::ClientSecretBasic, Some(secret)) => {
            let joined = format!("{}:{}", form::encode(credentials.client_id), form::encode(secret));
            authorization = Some(format!("Basic {}", STANDARD.encode(joined)));
        }
        (Method::ClientSecretPost, Some(secret)) => {
            pairs.extend([("client_id", credentials.client_id), ("client_secret", secret)]);
        }
        _ => pairs.push(("client_id", credentials.client_id)),
    }
    (method, authorization)
}

/// `client_secret_basic` is the default (Discovery section 3); `client_secret_post` when only that is offered, or when
/// both are and the secret has characters that the header has to escape: not every provider undoes the escapes.
fn method_for(metadata: &Metadata, credentials: Credentials<'_>) -> Method {
    let Some(secret) = credentials.client_secret else { return Method::None };
    let Some(offered) = &metadata.token_endpoint_auth_methods_supported else { return Method::ClientSecretBasic };
    let offers = |method: Method| offered.iter().any(|name| name == method.as_str());
    let escaped = form::encode(secret) != secret || form::encode(credentials.client_id) != credentials.client_id;
    if offers(Method::ClientSecretPost) && (escaped || !offers(Method::ClientSecretBasic)) {
        Method::ClientSecretPost
    } else {
        Method::ClientSecretBasic
    }
}

/// The other way to present the secret, when the provider offers it: which one a client is registered for is not in the
/// metadata, so an `invalid_client` for the one leaves the other to be tried. The code is not used up by it (RFC 6749
/// section 3.2.1: the client is authenticated first).
#[must_use]
pub fn other_method(metadata: &Metadata, used: Method) -> Option<Method> {
    let other = match used {
        Method::ClientSecretBasic => Method::ClientSecretPost,
        Method::ClientSecretPost => Method::ClientSecretBasic,
        _ => return None,
    };
    let offered = metadata.token_endpoint_auth_methods_supported.as_deref()?;
    offered.iter().any(|name| name == other.as_str()).then_some(other)
}

/// What an endpoint for clients answered instead of what was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// An OAuth error (RFC 6749 section 5.2); foreign text, bounded and without control characters.
    #[error("the provider refused: {error}{}", in_brackets(description.as_deref()))]
    Refused {
        /// The error code, such as `invalid_client`.
        error: String,
        /// Its description.
        description: Option<String>,
    },
    /// Neither that nor an OAuth error.
    #[error("the provider's endpoint answered with status {status} and no OAuth answer")]
    NotOAuth {
        /// The HTTP status.
        status: u16,
    },
}

fn in_brackets(text: Option<&str>) -> String {
    text.map(|text| format!(" ({text})")).unwrap_or_default()
}

/// The OAuth error in an answer, if it is one (RFC 6749 section 5.2).
pub(super) fn refusal(answer: &Value) -> Option<ProviderError> {
    let text = |name: &str| answer.get(name).and_then(Value::as_str);
    let description = text("error_description").map(|text| clean(text, 500));
    Some(ProviderError::Refused { error: clean(text("error")?, 100), description })
}

/// The tokens in the answer of a token endpoint.
///
/// # Errors
/// See [`ProviderError`].
pub fn read_answer(status: u16, body: &[u8]) -> Result<token::Response, ProviderError> {
    let not_oauth = ProviderError::NotOAuth { status };
    if body.len() > MAX_ANSWER_BYTES {
        return Err(not_oauth);
    }
    let Ok(answer) = serde_json::from_slice::<Map<String, Value>>(body).map(Value::Object) else {
        return Err(not_oauth);
    };
    if let Some(refused) = refusal(&answer) {
        return Err(refused);
    }
    let bearer = |answer: &token::Response| answer.token_type.eq_ignore_ascii_case("Bearer");
    match serde_json::from_value::<token::Response>(answer) {
        Ok(answer) if status == 200 && bearer(&answer) => Ok(answer),
        _ => Err(not_oauth),
    }
}
