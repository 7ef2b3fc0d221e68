//! How a client presents itself at the token and revocation endpoints (RFC 6749 section 2.3). Never here: whether the
//! secret is right.

use crate::{Error, ErrorCode, Params, form};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

/// The longest client id or secret, in bytes.
pub const MAX_BYTES: usize = 1024;

/// The registered names of the methods (OpenID Connect Core section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// `Authorization: Basic`.
    ClientSecretBasic,
    /// `client_id` and `client_secret` in the form.
    ClientSecretPost,
    /// `client_id` only: a public client.
    None,
}

impl Method {
    /// The registered name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::None => "none",
        }
    }
}

/// What the client presented, unchecked. `Debug` does not show the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Presented {
    /// The client it says it is.
    pub client_id: String,
    /// The secret, unless the method is [`Method::None`].
    pub secret: Option<String>,
    /// How it was sent.
    pub method: Method,
}

impl std::fmt::Debug for Presented {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Presented")
            .field("client_id", &self.client_id)
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

/// Reads the client's authentication from the header or the form.
///
/// # Errors
/// `invalid_request` when two methods are used at once (RFC 6749 section 2.3) or the ids differ; `invalid_client` when
/// there is none, the header is malformed, or the method is one we do not speak.
pub fn read(authorization_header: Option<&str>, form: &Params) -> Result<Presented, Error> {
    let invalid = |why: &str| Error::new(ErrorCode::InvalidClient, why);
    if form.get("client_assertion").is_some() || form.get("client_assertion_type").is_some() {
        return Err(invalid(
            "client assertions are not supported: use client_secret_basic, client_secret_post or none",
        ));
    }
    let id_in_form = form.bounded("client_id", MAX_BYTES)?;
    let secret_in_form = form.bounded("client_secret", MAX_BYTES)?;
    let Some(header) = authorization_header else {
        let client_id = id_in_form.ok_or_else(|| invalid("no client authentication: send client_id"))?.to_owned();
        let secret = secret_in_form.map(str::to_owned);
        let method = if secret.is_some() { Method::ClientSecretPost } else { Method::None };
        return Ok(Presented { client_id, secret, method });
    };
    if secret_in_form.is_some() {
        return Err(Error::invalid_request("the client authenticates in two ways: send the secret once"));
    }
    let (client_id, secret) = read_basic(header).ok_or_else(|| invalid("the Authorization header is malformed"))?;
    if id_in_form.is_some_and(|id| id != client_id) {
        return Err(Error::invalid_request("client_id differs from the one in the Authorization header"));
    }
    Ok(Presented { client_id, secret: Some(secret), method: Method::ClientSecretBasic })
}

/// Id and secret, each form-urlencoded before they were joined (RFC 6749 section 2.3.1).
fn read_basic(header: &str) -> Option<(String, String)> {
    let (scheme, credentials) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") || credentials.len() > 8 * MAX_BYTES {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(credentials.trim_matches(' ')).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    let (id, secret) = (form::decode(id)?, form::decode(secret)?);
    let fits = |text: &str| !text.is_empty() && text.len() <= MAX_BYTES;
    (fits(&id) && fits(&secret)).then_some((id, secret))
}
