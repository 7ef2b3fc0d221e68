//! The two bindings that browsers carry (SAML bindings sections 3.4 and 3.5): a message as it arrives, and a message as it
//! is sent. Never here: HTML and HTTP; artifacts.

mod form;
mod query;
mod receive;
mod send;

pub use receive::{Proof, Received, Sender};
pub use send::{PostForm, post, redirect};

/// The longest `RelayState` that is carried, in bytes (the specification says 80, the field does not).
pub const MAX_RELAY_STATE_BYTES: usize = 2048;
/// The longest query or form that is looked at, in bytes.
pub const MAX_CARRIER_BYTES: usize = 512 * 1024;

/// `SAMLRequest` or `SAMLResponse`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// A question.
    Request,
    /// An answer.
    Response,
}

impl MessageKind {
    /// The name of the parameter.
    #[must_use]
    pub const fn parameter(self) -> &'static str {
        match self {
            Self::Request => "SAMLRequest",
            Self::Response => "SAMLResponse",
        }
    }
}

/// Which of the two bindings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Binding {
    /// In the query of an address.
    Redirect,
    /// In a form that posts itself.
    Post,
}

impl Binding {
    /// Its identifier.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Redirect => "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
            Self::Post => "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
        }
    }

    /// The binding of exactly this identifier.
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        [Self::Redirect, Self::Post].into_iter().find(|binding| binding.uri() == uri)
    }
}
