//! RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0 section 2). Never here: whether the hint is a token of
//! ours, and whether the return address is registered (the caller asks [`crate::redirect_uri::registered`] for the
//! client that the hint or `client_id` names).

use crate::{Error, Params, authorize, form, redirect_uri};

/// A logout request. Everything is optional; without a hint or client the return address must not be used.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// An ID token that we issued; it may have expired.
    pub id_token_hint: Option<String>,
    /// The client, which has to be the audience of the hint when both are there.
    pub client_id: Option<String>,
    /// Where the browser is sent afterwards.
    pub post_logout_redirect_uri: Option<String>,
    /// Handed back with the return address.
    pub state: Option<String>,
    /// Preferred languages, best first.
    pub ui_locales: Vec<String>,
    /// Who is to be signed out, when the client knows.
    pub logout_hint: Option<String>,
}

impl Request {
    /// Reads the request, from the query (GET) or the form (POST).
    ///
    /// # Errors
    /// `invalid_request` for values beyond their limits.
    pub fn read(params: &Params) -> Result<Self, Error> {
        let text = |name, max| Ok::<_, Error>(params.bounded(name, max)?.map(str::to_owned));
        Ok(Self {
            id_token_hint: text("id_token_hint", crate::params::MAX_VALUE_BYTES)?,
            client_id: text("client_id", crate::client_auth::MAX_BYTES)?,
            post_logout_redirect_uri: text("post_logout_redirect_uri", redirect_uri::MAX_BYTES)?,
            state: text("state", authorize::MAX_STATE_BYTES)?,
            ui_locales: authorize::locales(params.get("ui_locales")),
            logout_hint: text("logout_hint", authorize::MAX_HINT_BYTES)?,
        })
    }

    /// The registered return address with `state` added (section 3).
    #[must_use]
    pub fn return_to(registered_uri: &str, state: Option<&str>) -> String {
        match state {
            Some(state) => form::append(registered_uri, [("state", state)]),
            None => registered_uri.to_owned(),
        }
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("id_token_hint", &self.id_token_hint.is_some())
            .field("client_id", &self.client_id)
            .field("post_logout_redirect_uri", &self.post_logout_redirect_uri)
            .finish_non_exhaustive()
    }
}
