//! Protocol errors: their registered codes, HTTP status, JSON body and challenge header. Never here: errors of storage
//! or network, and details that help an attacker (descriptions name the parameter and the fix, not the secret).

use serde::Serialize;

/// The registered error codes that are used (RFC 6749 sections 4.1.2.1 and 5.2, RFC 6750 section 3.1, OpenID Connect
/// Core 3.1.2.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// A parameter is missing, repeated or malformed.
    InvalidRequest,
    /// The client is unknown or its authentication failed.
    InvalidClient,
    /// The code or refresh token is unknown, used, expired, or was issued to another client.
    InvalidGrant,
    /// The client may not use this grant type.
    UnauthorizedClient,
    /// The grant type is not known here.
    UnsupportedGrantType,
    /// The response type is not known here.
    UnsupportedResponseType,
    /// The scope is unknown, malformed, or more than was granted.
    InvalidScope,
    /// The person or the server said no.
    AccessDenied,
    /// Something unexpected happened here.
    ServerError,
    /// Try again later.
    TemporarilyUnavailable,
    /// `prompt=none`, but the person has to sign in.
    LoginRequired,
    /// `prompt=none`, but the person has to do something.
    InteractionRequired,
    /// `prompt=none`, but the person has to consent.
    ConsentRequired,
    /// `prompt=none`, but the person has to choose an account.
    AccountSelectionRequired,
    /// The `request` parameter is not supported.
    RequestNotSupported,
    /// The `request_uri` parameter is not supported.
    RequestUriNotSupported,
    /// The `request` parameter holds no request object that this client signed for us (RFC 9101 section 7).
    InvalidRequestObject,
    /// The `request_uri` is unknown, used, expired, or was given to another client (RFC 9101 section 7).
    InvalidRequestUri,
    /// A `resource` is malformed, or not one of the client's (RFC 8707 section 2).
    InvalidTarget,
    /// An essential `acr` cannot be met (OpenID Connect Unmet Authentication Requirements section 2).
    UnmetAuthenticationRequirements,
    /// The `registration` parameter is not supported.
    RegistrationNotSupported,
    /// The access token is unknown, expired or revoked.
    InvalidToken,
    /// A token of a kind that cannot be revoked (RFC 7009 section 2.2.1).
    UnsupportedTokenType,
    /// The access token lacks a scope.
    InsufficientScope,
    /// The proof of possession does not hold (RFC 9449 section 5).
    InvalidDpopProof,
    /// The proof needs a nonce of ours, which the answer brings (RFC 9449 section 8).
    UseDpopNonce,
    /// The person has not decided yet (RFC 8628 section 3.5).
    AuthorizationPending,
    /// The device asks too often (RFC 8628 section 3.5).
    SlowDown,
    /// The device code has expired (RFC 8628 section 3.5).
    ExpiredToken,
    /// A redirect URI cannot be registered (RFC 7591 section 3.2.2).
    InvalidRedirectUri,
    /// Something else of a registration is wrong (RFC 7591 section 3.2.2).
    InvalidClientMetadata,
    /// Software statements are not accepted (RFC 7591 section 3.2.2).
    UnapprovedSoftwareStatement,
}

impl ErrorCode {
    /// The code as it is written on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::AccessDenied => "access_denied",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::LoginRequired => "login_required",
            Self::InteractionRequired => "interaction_required",
            Self::ConsentRequired => "consent_required",
            Self::AccountSelectionRequired => "account_selection_required",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::InvalidRequestObject => "invalid_request_object",
            Self::InvalidRequestUri => "invalid_request_uri",
            Self::InvalidTarget => "invalid_target",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::InvalidToken => "invalid_token",
            Self::UnsupportedTokenType => "unsupported_token_type",
            Self::InsufficientScope => "insufficient_scope",
            Self::InvalidDpopProof => "invalid_dpop_proof",
            Self::UseDpopNonce => "use_dpop_nonce",
            Self::AuthorizationPending => "authorization_pending",
            Self::SlowDown => "slow_down",
            Self::ExpiredToken => "expired_token",
            Self::InvalidRedirectUri => "invalid_redirect_uri",
            Self::InvalidClientMetadata => "invalid_client_metadata",
            Self::UnapprovedSoftwareStatement => "unapproved_software_statement",
        }
    }
}

impl std::fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A protocol error: a registered code and a sentence for the developer who reads it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize)]
#[error("{code}: {description}")]
pub struct Error {
    /// The registered code.
    #[serde(rename = "error")]
    pub code: ErrorCode,
    /// What was wrong and how to mend it, in the characters that RFC 6749 allows.
    #[serde(rename = "error_description")]
    pub description: String,
}

impl Error {
    /// An error. Characters outside those of `error_description` (RFC 6749 section 5.2: printable ASCII without `"`
    /// and `\`) are replaced, so that foreign text in a description cannot leave a header or a JSON text.
    #[must_use]
    pub fn new(code: ErrorCode, description: impl AsRef<str>) -> Self {
        let plain = |c: char| match c {
            '"' => '\'',
            '\\' => '/',
            ' '..='~' => c,
            _ => '?',
        };
        Self { code, description: description.as_ref().chars().take(500).map(plain).collect() }
    }

    /// `invalid_request` with this description.
    #[must_use]
    pub fn invalid_request(description: impl AsRef<str>) -> Self {
        Self::new(ErrorCode::InvalidRequest, description)
    }

    /// The HTTP status when the error is answered directly (token, revocation and userinfo endpoints).
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self.code {
            ErrorCode::InvalidClient | ErrorCode::InvalidToken => 401,
            ErrorCode::InsufficientScope => 403,
            ErrorCode::ServerError => 500,
            ErrorCode::TemporarilyUnavailable => 503,
            _ => 400,
        }
    }

    /// The JSON body `{"error", "error_description"}` (RFC 6749 section 5.2).
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::json!({ "error": self.code.as_str(), "error_description": self.description })
    }

    /// The `WWW-Authenticate` value: `Basic` when the client failed to authenticate (RFC 6749 section 5.2), `Bearer`
    /// with the error for a refused access token (RFC 6750 section 3), else none. The realm is the caller's own
    /// constant text.
    #[must_use]
    pub fn www_authenticate(&self, realm: &str) -> Option<String> {
        let realm = Self::new(self.code, realm).description;
        let (code, description) = (self.code, &self.description);
        match code {
            ErrorCode::InvalidClient => Some(format!("Basic realm=\"{realm}\"")),
            ErrorCode::InvalidToken | ErrorCode::InsufficientScope => {
                Some(format!("Bearer realm=\"{realm}\", error=\"{code}\", error_description=\"{description}\""))
            }
            _ => None,
        }
    }
}
