//! How we authenticate at a foreign provider with a key of ours (RFC 7523 section 2.2, `private_key_jwt`). Never here:
//! signing it.

use super::token_request::TokenRequest;
use crate::discovery::Metadata;
use crate::form;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The type of the assertion (RFC 7523 section 2.2).
const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How long an assertion is valid, in seconds: it is made for one request.
const TTL_S: i64 = 60;

/// To whom the assertion is addressed. A provider takes either its issuer or the endpoint; the issuer alone is what keeps
/// an assertion from being used elsewhere (OpenID Foundation advisory of January 2025), the endpoint is what older ones
/// want.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssertionAudience {
    /// The issuer.
    #[default]
    Issuer,
    /// The token endpoint.
    TokenEndpoint,
}

/// The claims of an assertion (RFC 7523 section 3).
#[must_use]
pub fn assertion_claims(
    metadata: &Metadata,
    audience: AssertionAudience,
    client_id: &str,
    jti: &str,
    now_s: i64,
) -> Value {
    let aud = match audience {
        AssertionAudience::Issuer => metadata.issuer.as_str(),
        AssertionAudience::TokenEndpoint => metadata.token_endpoint.as_deref().unwrap_or_default(),
    };
    json!({
        "iss": client_id, "sub": client_id, "aud": aud, "jti": jti, "iat": now_s, "exp": now_s.saturating_add(TTL_S),
    })
}

/// The request with the assertion in it, instead of any secret.
#[must_use]
pub fn with_assertion(request: TokenRequest, assertion: &str) -> TokenRequest {
    let more = form::write(vec![("client_assertion_type", TYPE), ("client_assertion", assertion)]);
    TokenRequest { body: format!("{}&{more}", request.body), authorization: None, ..request }
}
