//! The address at the foreign provider to which the person is sent. Never here: making `state`, `nonce` and verifier.

use crate::discovery::Metadata;
use crate::form;

/// What the address says (OpenID Connect Core 3.1.2.1). `response_type` is always `code`, the challenge `S256`.
#[derive(Clone, Debug)]
pub struct AuthorizationParams<'a> {
    /// Our name at the provider.
    pub client_id: &'a str,
    /// Where the person comes back.
    pub redirect_uri: &'a str,
    /// Usually `openid email profile`.
    pub scope: &'a str,
    /// Binds the answer to this browser and provider.
    pub state: &'a str,
    /// Binds the ID token to this sign-in.
    pub nonce: &'a str,
    /// The PKCE challenge ([`crate::pkce::challenge`]).
    pub code_challenge: &'a str,
    /// Who is expected.
    pub login_hint: Option<&'a str>,
    /// Such as `login` or `select_account`.
    pub prompt: Option<&'a str>,
    /// The sign-in may be this old at most, in seconds.
    pub max_age_s: Option<u32>,
    /// The authentication classes that are wished for, the best first, with spaces between.
    pub acr_values: Option<&'a str>,
}

/// The parameters of the request, in the query or pushed (RFC 9126).
#[must_use]
pub fn authorization_pairs(params: &AuthorizationParams<'_>) -> Vec<(&'static str, String)> {
    let max_age = params.max_age_s.map(|seconds| seconds.to_string());
    let pairs = [
        ("response_type", Some("code")),
        ("client_id", Some(params.client_id)),
        ("redirect_uri", Some(params.redirect_uri)),
        ("scope", Some(params.scope)),
        ("state", Some(params.state)),
        ("nonce", Some(params.nonce)),
        ("code_challenge", Some(params.code_challenge)),
        ("code_challenge_method", Some("S256")),
        ("login_hint", params.login_hint),
        ("prompt", params.prompt),
        ("max_age", max_age.as_deref()),
        ("acr_values", params.acr_values),
    ];
    pairs.into_iter().filter_map(|(name, value)| Some((name, value?.to_owned()))).collect()
}

/// The address, or `None` when the metadata has no authorization endpoint. A query that the endpoint already has is
/// kept.
#[must_use]
pub fn authorization_url(metadata: &Metadata, params: &AuthorizationParams<'_>) -> Option<String> {
    let endpoint = metadata.authorization_endpoint.as_deref()?;
    let pairs = authorization_pairs(params);
    Some(form::append(endpoint, pairs.iter().map(|(name, value)| (*name, value.as_str()))))
}
