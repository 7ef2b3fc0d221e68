//! The answer to an authorization request: a code or an error, with `state` and `iss` (RFC 9207). Never here: making
//! codes, and checking the return address.

use crate::{Error, form};

/// The fields of an answer; a query or a posted form, as the response mode says.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    fields: Vec<(&'static str, String)>,
}

impl Response {
    /// A code (RFC 6749 section 4.1.2).
    #[must_use]
    pub fn success(code: &str, state: Option<&str>, iss: &str) -> Self {
        Self { fields: vec![("code", code.to_owned())] }.finished(state, iss)
    }

    /// An error (RFC 6749 section 4.1.2.1).
    #[must_use]
    pub fn error(error: &Error, state: Option<&str>, iss: &str) -> Self {
        let code = ("error", error.code.as_str().to_owned());
        Self { fields: vec![code, ("error_description", error.description.clone())] }.finished(state, iss)
    }

    fn finished(mut self, state: Option<&str>, iss: &str) -> Self {
        self.fields.extend(state.map(|state| ("state", state.to_owned())));
        self.fields.push(("iss", iss.to_owned()));
        self
    }

    /// The fields in order, for a form that the browser posts.
    #[must_use]
    pub fn fields(&self) -> &[(&'static str, String)] {
        &self.fields
    }

    /// The address to which the browser is sent; the return address keeps its own query.
    #[must_use]
    pub fn redirect(&self, redirect_uri: &str) -> String {
        form::append(redirect_uri, self.fields.iter().map(|(name, value)| (*name, value.as_str())))
    }
}

/// The code is a secret until it is redeemed.
impl std::fmt::Debug for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.fields.iter().map(|(name, _)| name)).finish()
    }
}

/// The address with a code in its query.
#[must_use]
pub fn success_redirect(redirect_uri: &str, code: &str, state: Option<&str>, iss: &str) -> String {
    Response::success(code, state, iss).redirect(redirect_uri)
}

/// The address with an error in its query.
#[must_use]
pub fn error_redirect(redirect_uri: &str, error: &Error, state: Option<&str>, iss: &str) -> String {
    Response::error(error, state, iss).redirect(redirect_uri)
}
