//! How a client presents itself at the token and revocation endpoints (RFC 6749 section 2.3). Never here: whether the
//! secret is right.

use crate::{Error, ErrorCode, Params, assertion, form};
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
    /// A signed assertion (RFC 7523).
    PrivateKeyJwt,
    /// A certificate, by its name (RFC 8705 section 2.1); in the form `client_id` only.
    TlsClientAuth,
    /// A certificate, by its key (RFC 8705 section 2.2); in the form `client_id` only.
    SelfSignedTlsClientAuth,
}

impl Method {
    /// The registered name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::None => "none",
            Self::PrivateKeyJwt => "private_key_jwt",
            Self::TlsClientAuth => "tls_client_auth",
            Self::SelfSignedTlsClientAuth => "self_signed_tls_client_auth",
        }
    }
}

/// What the client presented, unchecked. `Debug` does not show the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Presented {
    /// The client it says it is.
    pub client_id: String,
    /// The secret, for the two methods that have one.
    pub secret: Option<String>,
    /// The assertion, for [`Method::PrivateKeyJwt`].
    pub assertion: Option<String>,
    /// How it was sent. [`Method::None`] also stands for a certificate, of which the form says nothing.
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
    let id_in_form = form.bounded("client_id", MAX_BYTES)?;
    let secret_in_form = form.bounded("client_secret", MAX_BYTES)?;
    let assertion = read_assertion(form)?;
    let ways = [authorization_header.is_some(), secret_in_form.is_some(), assertion.is_some()];
    if ways.into_iter().filter(|used| *used).count() > 1 {
        return Err(Error::invalid_request("the client authenticates in two ways: use the one it is registered for"));
    }
    if let Some(assertion) = assertion {
        // RFC 7521 section 4.2: client_id is not needed, and has to agree.
        let subject = assertion::claimed_subject(assertion);
        let client_id = subject.ok_or_else(|| invalid("the client assertion is malformed: no sub can be read"))?;
        if id_in_form.is_some_and(|id| id != client_id) {
            return Err(Error::invalid_request("client_id differs from the sub of the client assertion"));
        }
        let assertion = Some(assertion.to_owned());
        return Ok(Presented { client_id, secret: None, assertion, method: Method::PrivateKeyJwt });
    }
    let Some(header) = authorization_header else {
        let client_id = id_in_form.ok_or_else(|| invalid("no client authentication: send client_id"))?.to_owned();
        let secret = secret_in_form.map(str::to_owned);
        let method = if secret.is_some() { Method::ClientSecretPost } else { Method::None };
        return Ok(Presented { client_id, secret, assertion: None, method });
    };
    let (client_id, secret) = read_basic(header).ok_or_else(|| invalid("the Authorization header is malformed"))?;
    if id_in_form.is_some_and(|id| id != client_id) {
        return Err(Error::invalid_request("client_id differs from the one in the Authorization header"));
    }
    Ok(Presented { client_id, secret: Some(secret), assertion: None, method: Method::ClientSecretBasic })
}

/// The assertion with its type, which come together (RFC 7521 section 4.2).
fn read_assertion(form: &Params) -> Result<Option<&str>, Error> {
    match (form.get("client_assertion_type"), form.bounded("client_assertion", assertion::MAX_BYTES)?) {
        (None, None) => Ok(None),
        (Some(assertion::TYPE), Some(assertion)) => Ok(Some(assertion)),
        (Some(_), Some(_)) => {
            Err(Error::new(ErrorCode::InvalidClient, format!("client_assertion_type must be {}", assertion::TYPE)))
        }
        _ => Err(Error::invalid_request("client_assertion and client_assertion_type are sent together")),
    }
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
