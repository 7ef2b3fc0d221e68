//! Token revocation (RFC 7009). Never here: the tokens; an unknown one is answered with 200 as well.

use crate::{Error, Params};

/// What kind of token the client believes it sends. Only a hint: the other kind is looked up too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// `access_token`.
    AccessToken,
    /// `refresh_token`.
    RefreshToken,
}

impl Hint {
    /// The hint of a form; one that we do not know is none.
    fn read(form: &Params) -> Option<Self> {
        match form.get("token_type_hint") {
            Some("access_token") => Some(Self::AccessToken),
            Some("refresh_token") => Some(Self::RefreshToken),
            _ => None,
        }
    }
}

/// A revocation request, or an introspection request. `Debug` does not show the token.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The token.
    pub token: String,
    /// The hint, if it is one that we know; others are ignored (RFC 7009 section 2.1, RFC 7662
    /// section 2.1).
    pub token_type_hint: Option<Hint>,
}

impl Request {
    /// Reads the request's form.
    ///
    /// # Errors
    /// `invalid_request` when there is no token.
    pub fn read(form: &Params) -> Result<Self, Error> {
        let token_type_hint = Hint::read(form);
        Ok(Self { token: form.required("token")?.to_owned(), token_type_hint })
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request").field("token_type_hint", &self.token_type_hint).finish_non_exhaustive()
    }
}
