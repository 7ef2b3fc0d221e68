//! The metadata document itself. Never here: judging it (see `check`).

use super::MAX_BYTES;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// A provider's metadata (OpenID Connect Discovery section 3, RFC 8414 section 2, RFC 9207 section 3, RP-Initiated
/// Logout section 2.1).
///
/// Reading is tolerant: unknown members are ignored, and one of a wrong type counts as absent, since foreign documents
/// have both. What is needed is demanded by [`super::check`], not here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Metadata {
    /// The issuer, exactly as it stands in the `iss` of its tokens.
    #[serde(deserialize_with = "lenient")]
    pub issuer: String,
    /// Where people are sent to sign in.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub authorization_endpoint: Option<String>,
    /// Where codes are redeemed.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub token_endpoint: Option<String>,
    /// Where claims can be asked for.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub userinfo_endpoint: Option<String>,
    /// The key set.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    /// Token revocation (RFC 7009).
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub revocation_endpoint: Option<String>,
    /// Token introspection (RFC 7662).
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub introspection_endpoint: Option<String>,
    /// Device authorization (RFC 8628).
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub device_authorization_endpoint: Option<String>,
    /// Dynamic registration (RFC 7591).
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub registration_endpoint: Option<String>,
    /// RP-initiated logout.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub end_session_endpoint: Option<String>,
    /// Pushed authorization requests (RFC 9126 section 5).
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub pushed_authorization_request_endpoint: Option<String>,
    /// Whether every client has to push its requests.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub require_pushed_authorization_requests: Option<bool>,
    /// Scopes.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub scopes_supported: Option<Vec<String>>,
    /// Response types.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub response_types_supported: Option<Vec<String>>,
    /// Response modes.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub response_modes_supported: Option<Vec<String>>,
    /// Grant types.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub grant_types_supported: Option<Vec<String>>,
    /// Authentication classes.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub acr_values_supported: Option<Vec<String>>,
    /// Subject types.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub subject_types_supported: Option<Vec<String>>,
    /// Algorithms of ID tokens.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub id_token_signing_alg_values_supported: Option<Vec<String>>,
    /// Algorithms of signed userinfo answers.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub userinfo_signing_alg_values_supported: Option<Vec<String>>,
    /// How the key of encrypted ID tokens travels.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub id_token_encryption_alg_values_supported: Option<Vec<String>>,
    /// How the content of encrypted ID tokens is encrypted.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub id_token_encryption_enc_values_supported: Option<Vec<String>>,
    /// How the key of encrypted userinfo answers travels.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub userinfo_encryption_alg_values_supported: Option<Vec<String>>,
    /// How the content of encrypted userinfo answers is encrypted.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub userinfo_encryption_enc_values_supported: Option<Vec<String>>,
    /// Whether sessions' ends are told server to server (Back-Channel Logout section 2.1).
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_supported: Option<bool>,
    /// Whether that names the session.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_session_supported: Option<bool>,
    /// Whether sessions' ends are told by the browser (Front-Channel Logout section 3).
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub frontchannel_logout_supported: Option<bool>,
    /// Whether that names the session.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub frontchannel_logout_session_supported: Option<bool>,
    /// Client authentication at the token endpoint; absent means `client_secret_basic`.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// Client authentication at the revocation endpoint.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub revocation_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// Algorithms of client assertions at the token endpoint.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_signing_alg_values_supported: Option<Vec<String>>,
    /// Client authentication at the introspection endpoint.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub introspection_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// Algorithms of client assertions at the introspection endpoint.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub introspection_endpoint_auth_signing_alg_values_supported: Option<Vec<String>>,
    /// Algorithms of client assertions at the revocation endpoint.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub revocation_endpoint_auth_signing_alg_values_supported: Option<Vec<String>>,
    /// Algorithms of signed introspection answers (RFC 9701).
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub introspection_signing_alg_values_supported: Option<Vec<String>>,
    /// Algorithms of proofs of possession (RFC 9449).
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub dpop_signing_alg_values_supported: Option<Vec<String>>,
    /// Whether access tokens can be bound to a certificate (RFC 8705).
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub tls_client_certificate_bound_access_tokens: Option<bool>,
    /// Algorithms of request objects (RFC 9101 section 4).
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub request_object_signing_alg_values_supported: Option<Vec<String>>,
    /// Whether every client has to sign its requests (RFC 9101 section 10.5).
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub require_signed_request_object: Option<bool>,
    /// Algorithms of signed answers (JARM section 3).
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub authorization_signing_alg_values_supported: Option<Vec<String>>,
    /// Values of `display`.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub display_values_supported: Option<Vec<String>>,
    /// Values of `prompt` (Initiating User Registration section 4.2).
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub prompt_values_supported: Option<Vec<String>>,
    /// Kinds of claims.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub claim_types_supported: Option<Vec<String>>,
    /// Claims.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub claims_supported: Option<Vec<String>>,
    /// Languages of pages.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub ui_locales_supported: Option<Vec<String>>,
    /// PKCE methods (RFC 8414).
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub code_challenge_methods_supported: Option<Vec<String>>,
    /// Whether answers carry `iss` (RFC 9207).
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub authorization_response_iss_parameter_supported: Option<bool>,
    /// Whether the `claims` parameter is understood.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub claims_parameter_supported: Option<bool>,
    /// Whether the `request` parameter is understood.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub request_parameter_supported: Option<bool>,
    /// Whether the `request_uri` parameter is understood; absent means true (Discovery section 3), so we say false.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub request_uri_parameter_supported: Option<bool>,
    /// Documentation for developers.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub service_documentation: Option<String>,
}

impl Metadata {
    /// The metadata in a fetched document.
    ///
    /// # Errors
    /// A sentence: the document is too large or no JSON object.
    pub fn parse(document: &[u8]) -> Result<Self, String> {
        if document.len() > MAX_BYTES {
            return Err(format!("the metadata document is larger than {MAX_BYTES} bytes"));
        }
        // By way of a map: a derived reader would also take an array for an object.
        serde_json::from_slice::<Map<String, Value>>(document)
            .and_then(|members| serde_json::from_value(Value::Object(members)))
            .map_err(|error| format!("the metadata document is not a JSON object: {error}"))
    }

    /// Whether the provider announces `iss` in its answers (RFC 9207 section 3).
    #[must_use]
    pub fn answers_with_iss(&self) -> bool {
        self.authorization_response_iss_parameter_supported == Some(true)
    }
}

/// The value, or the default when it is of another type.
fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).unwrap_or_default())
}
