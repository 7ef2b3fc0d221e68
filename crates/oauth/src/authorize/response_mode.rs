//! How an answer is handed over. Never here: writing it (see `response`).

use crate::{Error, Params};

/// The way to the application (OAuth 2.0 Multiple Response Types section 2.1, Form Post Response Mode).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delivery {
    /// In the query of the return address.
    #[default]
    Query,
    /// In its fragment, which no server sees; for code only when it is asked for.
    Fragment,
    /// By a form that the browser posts.
    FormPost,
}

/// `response_mode`: the way, and whether the answer is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ResponseMode {
    /// The way.
    pub by: Delivery,
    /// The answer is one JWT (JARM section 2).
    pub signed: bool,
}

impl ResponseMode {
    /// Every value of the parameter, in the order in which the metadata names them. `jwt` is the default of the response
    /// type, signed (JARM section 2.3.4).
    pub const ALL: [(&'static str, Self); 7] = [
        ("query", Self { by: Delivery::Query, signed: false }),
        ("fragment", Self { by: Delivery::Fragment, signed: false }),
        ("form_post", Self { by: Delivery::FormPost, signed: false }),
        ("jwt", Self { by: Delivery::Query, signed: true }),
        ("query.jwt", Self { by: Delivery::Query, signed: true }),
        ("fragment.jwt", Self { by: Delivery::Fragment, signed: true }),
        ("form_post.jwt", Self { by: Delivery::FormPost, signed: true }),
    ];

    /// The mode that a request asks for.
    ///
    /// # Errors
    /// `invalid_request` for a mode that is not known.
    pub fn read(params: &Params) -> Result<Self, Error> {
        let Some(asked) = params.get("response_mode") else { return Ok(Self::default()) };
        Self::ALL.into_iter().find(|(name, _)| *name == asked).map(|(_, mode)| mode).ok_or_else(|| {
            let known = Self::ALL.map(|(name, _)| name).join(", ");
            Error::invalid_request(format!("response_mode must be one of {known}"))
        })
    }
}
