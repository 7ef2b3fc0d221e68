//! What an authorization request asks for. Never here: the return address (see `target`) and who is signed in.

use super::{ClaimsRequest, MAX_HINT_BYTES, MAX_LIST, MAX_NONCE_BYTES, MAX_STATE_BYTES, ResponseMode, locales};
use crate::{Error, ErrorCode, Params, Scope, pkce, resource};

/// What the registration of the client says about its requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientRules {
    /// The client has no secret, so it must use PKCE (RFC 9700 section 2.1.1).
    pub public: bool,
    /// PKCE is demanded of this client although it has a secret.
    pub pkce_required: bool,
    /// The client is registered for the grant type `authorization_code`.
    pub code_allowed: bool,
}

/// What the client wants to happen to the person (OpenID Connect Core 3.1.2.1 `prompt`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// No page may be shown: answer or fail.
    pub none: bool,
    /// Sign in again.
    pub login: bool,
    /// Ask for consent again.
    pub consent: bool,
    /// Let the person choose an account.
    pub select_account: bool,
}

/// The kind of page the client would like (`display`); a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Display {
    /// A full page.
    Page,
    /// A small window.
    Popup,
    /// A touch screen.
    Touch,
    /// A feature phone.
    Wap,
}

/// An authorization request for a code (OpenID Connect Core 3.1.2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What is asked for; contains `openid`. Tokens that are not known here are ignored by the caller.
    pub scope: Scope,
    /// How the answer is handed over.
    pub response_mode: ResponseMode,
    /// Handed back with the answer.
    pub state: Option<String>,
    /// Goes into the ID token as it is.
    pub nonce: Option<String>,
    /// Pages to be shown or not.
    pub prompt: Prompt,
    /// The sign-in may be this old at most, in seconds; 0 as `prompt=login`.
    pub max_age_s: Option<u32>,
    /// Who the client believes the person is.
    pub login_hint: Option<String>,
    /// An ID token of ours that says who is expected.
    pub id_token_hint: Option<String>,
    /// Preferred languages, best first.
    pub ui_locales: Vec<String>,
    /// The kind of page.
    pub display: Option<Display>,
    /// Authentication classes that the client would like, best first.
    pub acr_values: Vec<String>,
    /// Claims that are asked for one by one.
    pub claims: ClaimsRequest,
    /// What the access token is to be good for (RFC 8707); well formed, not yet looked up.
    pub resource: Vec<String>,
    /// The PKCE challenge, always `S256`.
    pub code_challenge: Option<String>,
    /// The key with which the code has to be redeemed (RFC 9449 section 10).
    pub dpop_jkt: Option<String>,
}

impl Request {
    /// Reads the request.
    ///
    /// # Errors
    /// Errors to be sent to the target, with the registered code of each fault.
    pub fn read(params: &Params, rules: &ClientRules) -> Result<Self, Error> {
        refuse_unsupported(params)?;
        check_response_type(params, rules)?;
        let response_mode = ResponseMode::read(params)?;
        let scope = Scope::parse(params.get("scope").unwrap_or_default())?;
        if !scope.contains("openid") {
            return Err(Error::new(ErrorCode::InvalidScope, "the scope must contain openid"));
        }
        let text = |name, max| Ok::<_, Error>(params.bounded(name, max)?.map(str::to_owned));
        let acr_values = params.get("acr_values").unwrap_or_default().split(' ').filter(|value| !value.is_empty());
        Ok(Self {
            scope,
            response_mode,
            state: text("state", MAX_STATE_BYTES)?,
            nonce: text("nonce", MAX_NONCE_BYTES)?,
            prompt: read_prompt(params)?,
            max_age_s: read_max_age(params)?,
            login_hint: text("login_hint", MAX_HINT_BYTES)?,
            id_token_hint: params.get("id_token_hint").map(str::to_owned),
            ui_locales: locales(params.get("ui_locales")),
            display: read_display(params),
            acr_values: acr_values.take(MAX_LIST).map(str::to_owned).collect(),
            claims: params.get("claims").map(ClaimsRequest::read).transpose()?.unwrap_or_default(),
            resource: resource::read(params)?,
            code_challenge: read_challenge(params, rules)?,
            dpop_jkt: read_thumbprint(params)?,
        })
    }
}

/// Parameters that would change the meaning of all others (OpenID Connect Core 6.1, 6.2, 7.2.1). A request object or a
/// pushed request was opened before this reader saw it, so what is left of them here does not belong.
fn refuse_unsupported(params: &Params) -> Result<(), Error> {
    let refused = [
        ("request", ErrorCode::RequestNotSupported),
        ("request_uri", ErrorCode::RequestUriNotSupported),
        ("registration", ErrorCode::RegistrationNotSupported),
    ];
    match refused.into_iter().find(|(name, _)| params.get(name).is_some()) {
        Some((name, code)) => Err(Error::new(code, format!("parameter {name} is not supported"))),
        None => Ok(()),
    }
}

fn check_response_type(params: &Params, rules: &ClientRules) -> Result<(), Error> {
    if params.required("response_type")? != "code" {
        return Err(Error::new(ErrorCode::UnsupportedResponseType, "response_type must be code"));
    }
    if !rules.code_allowed {
        return Err(Error::new(ErrorCode::UnauthorizedClient, "the client is not registered for authorization_code"));
    }
    Ok(())
}

/// Values that are not known are ignored, as OpenID Connect Core 3.1.2.1 advises for the sake of later ones.
fn read_prompt(params: &Params) -> Result<Prompt, Error> {
    let values: Vec<&str> = params.get("prompt").unwrap_or_default().split(' ').filter(|v| !v.is_empty()).collect();
    let has = |name| values.contains(&name);
    if has("none") && values.iter().any(|value| *value != "none") {
        return Err(Error::invalid_request("prompt none excludes all others"));
    }
    Ok(Prompt {
        none: has("none"),
        login: has("login"),
        consent: has("consent"),
        select_account: has("select_account"),
    })
}

fn read_max_age(params: &Params) -> Result<Option<u32>, Error> {
    let Some(text) = params.get("max_age") else { return Ok(None) };
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let number = text.parse().ok().filter(|_| digits);
    number.map(Some).ok_or_else(|| Error::invalid_request("max_age must be a number of seconds"))
}

fn read_display(params: &Params) -> Option<Display> {
    match params.get("display") {
        Some("page") => Some(Display::Page),
        Some("popup") => Some(Display::Popup),
        Some("touch") => Some(Display::Touch),
        Some("wap") => Some(Display::Wap),
        _ => None,
    }
}

fn read_thumbprint(params: &Params) -> Result<Option<String>, Error> {
    match params.get("dpop_jkt") {
        Some(text) if !crate::dpop::is_thumbprint(text) => {
            Err(Error::invalid_request("dpop_jkt must be 43 characters of base64url (the key's SHA-256 thumbprint)"))
        }
        other => Ok(other.map(str::to_owned)),
    }
}

/// RFC 7636 section 4.3: without a method the challenge would be `plain`, which is refused as RFC 9700 demands.
fn read_challenge(params: &Params, rules: &ClientRules) -> Result<Option<String>, Error> {
    let method = params.get("code_challenge_method");
    let Some(challenge) = params.get("code_challenge") else {
        return match method {
            Some(_) => Err(Error::invalid_request("code_challenge_method without code_challenge")),
            None if rules.public || rules.pkce_required => {
                Err(Error::invalid_request("code_challenge is missing: this client must use PKCE with S256"))
            }
            None => Ok(None),
        };
    };
    if method != Some("S256") {
        return Err(Error::invalid_request("code_challenge_method must be S256"));
    }
    if !pkce::is_challenge(challenge) {
        return Err(Error::invalid_request(
            "code_challenge must be 43 characters of base64url (the SHA-256 of the verifier)",
        ));
    }
    Ok(Some(challenge.to_owned()))
}
