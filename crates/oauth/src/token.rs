//! The token endpoint (RFC 6749 sections 4.1.3, 4.4, 5 and 6, RFC 8628 section 3.4): the request and the answer, which is also what a foreign
//! provider sends us. Never here: codes, tokens and their lives; client authentication (see `client_auth`).

use crate::token_exchange::Exchange;
use crate::{Error, ErrorCode, Params, Scope, pkce, resource};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// The longest code or refresh token, in bytes.
pub const MAX_GRANT_BYTES: usize = 8192;

/// A token request. `Debug` shows the kind only.
#[derive(Clone, PartialEq, Eq)]
pub enum Request {
    /// A code is redeemed.
    AuthorizationCode {
        /// The code.
        code: String,
        /// The same return address as in the authorization request (RFC 6749 section 4.1.3).
        redirect_uri: String,
        /// The PKCE verifier, well formed.
        code_verifier: Option<String>,
        /// What the access token is for (RFC 8707 section 2.2): some of what was granted; empty means all of it.
        resource: Vec<String>,
    },
    /// A refresh token is redeemed.
    RefreshToken {
        /// The token.
        refresh_token: String,
        /// The same scope or less; absent means the same.
        scope: Option<Scope>,
        /// What the access token is for (RFC 8707 section 2.2): some of what was granted; empty means all of it.
        resource: Vec<String>,
    },
    /// The client asks for itself (RFC 6749 section 4.4.2).
    ClientCredentials {
        /// What it asks for; absent means all that it is registered for.
        scope: Option<Scope>,
    },
    /// A device asks whether the person has decided (RFC 8628 section 3.4).
    DeviceCode {
        /// The device code.
        device_code: String,
    },
    /// A token is exchanged (RFC 8693).
    TokenExchange(Exchange),
}

impl Request {
    /// Reads the request's form.
    ///
    /// # Errors
    /// `unsupported_grant_type`, `invalid_request` for what is missing or malformed, `invalid_scope`, `invalid_target`.
    pub fn read(form: &Params) -> Result<Self, Error> {
        let text = |name: &str| {
            form.required(name)?;
            Ok::<_, Error>(form.bounded(name, MAX_GRANT_BYTES)?.unwrap_or_default().to_owned())
        };
        match form.required("grant_type")? {
            "authorization_code" => {
                let code_verifier = form.get("code_verifier").map(str::to_owned);
                if code_verifier.as_deref().is_some_and(|verifier| !pkce::is_verifier(verifier)) {
                    return Err(Error::invalid_request("code_verifier must be 43 to 128 unreserved characters"));
                }
                let (code, redirect_uri) = (text("code")?, text("redirect_uri")?);
                Ok(Self::AuthorizationCode { code, redirect_uri, code_verifier, resource: resource::read(form)? })
            }
            "refresh_token" => {
                let scope = form.get("scope").map(Scope::parse).transpose()?;
                Ok(Self::RefreshToken { refresh_token: text("refresh_token")?, scope, resource: resource::read(form)? })
            }
            "client_credentials" => {
                Ok(Self::ClientCredentials { scope: form.get("scope").map(Scope::parse).transpose()? })
            }
            crate::device::GRANT_TYPE => Ok(Self::DeviceCode { device_code: text("device_code")? }),
            crate::token_exchange::GRANT_TYPE => Ok(Self::TokenExchange(Exchange::read(form)?)),
            _ => Err(Error::new(
                ErrorCode::UnsupportedGrantType,
                "grant_type is none that is known here: see grant_types_supported of the discovery document",
            )),
        }
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::AuthorizationCode { .. } => "AuthorizationCode",
            Self::RefreshToken { .. } => "RefreshToken",
            Self::ClientCredentials { .. } => "ClientCredentials",
            Self::DeviceCode { .. } => "DeviceCode",
            Self::TokenExchange(_) => "TokenExchange",
        })
    }
}

/// A successful answer (RFC 6749 section 5.1, OpenID Connect Core 3.1.3.3). Send it with `Cache-Control: no-store`.
/// `Debug` shows no token.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// The access token.
    pub access_token: String,
    /// `Bearer` or `DPoP`.
    pub token_type: String,
    /// What kind of token `access_token` is, in the answer to an exchange (RFC 8693 section 2.2.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_token_type: Option<String>,
    /// Life of the access token, in seconds. Some providers write it as text.
    #[serde(default, deserialize_with = "seconds", skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<u64>,
    /// The refresh token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// The ID token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
    /// The granted scope, as text: foreign providers are not held to our limits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

impl std::fmt::Debug for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Response")
            .field("token_type", &self.token_type)
            .field("expires_in", &self.expires_in)
            .field("refresh_token", &self.refresh_token.is_some())
            .field("id_token", &self.id_token.is_some())
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    })
}
