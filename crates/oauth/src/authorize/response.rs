//! The answer to an authorization request: a code or an error, with `state` and `iss` (RFC 9207). Never here: making
//! codes, and checking the return address.

use crate::{Error, form};
use serde_json::{Map, Value};

use super::Delivery;

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

    /// The claims of the same answer as one signed text (JARM section 2.1): `iss` says who answers, `aud` is the client.
    #[must_use]
    pub fn claims(&self, aud: &str, exp_s: i64) -> Map<String, Value> {
        let fields = self.fields.iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str())));
        fields.chain([("aud".to_owned(), aud.into()), ("exp".to_owned(), exp_s.into())]).collect()
    }

    /// The answer that carries the signed text and nothing else (JARM section 2.3).
    #[must_use]
    pub fn signed(jwt: String) -> Self {
        Self { fields: vec![("response", jwt)] }
    }

    /// The fields in order, for a form that the browser posts.
    #[must_use]
    pub fn fields(&self) -> &[(&'static str, String)] {
        &self.fields
    }

    /// The address to which the browser is sent; the return address keeps its own query. A form has none: what would be
    /// posted stands in the query.
    #[must_use]
    pub fn redirect(&self, redirect_uri: &str, by: Delivery) -> String {
        let fields = self.fields.iter().map(|(name, value)| (*name, value.as_str()));
        match by {
            // A registered address has no fragment of its own.
            Delivery::Fragment => format!("{redirect_uri}#{}", form::write(fields)),
            Delivery::Query | Delivery::FormPost => form::append(redirect_uri, fields),
        }
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
    Response::success(code, state, iss).redirect(redirect_uri, Delivery::Query)
}

/// The address with an error in its query.
#[must_use]
pub fn error_redirect(redirect_uri: &str, error: &Error, state: Option<&str>, iss: &str) -> String {
    Response::error(error, state, iss).redirect(redirect_uri, Delivery::Query)
}
