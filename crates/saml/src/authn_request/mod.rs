//! The request for a sign-in (SAML core section 3.4.1). Never here: whether the sender may ask, or for which address.

mod read;
mod write;

pub use read::read;
pub use write::{OutgoingRequest, write};

use crate::header::Header;

/// What a service provider asks for. `Scoping`, `Conditions` and extensions are not looked at: nothing follows from them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthnRequest {
    /// Identifier, time, addressee, sender.
    pub header: Header,
    /// Where to answer, by address. To be compared with what is registered, never used as it is.
    pub acs_url: Option<String>,
    /// Where to answer, by the number of a registered address.
    pub acs_index: Option<u16>,
    /// The binding to answer by.
    pub protocol_binding: Option<String>,
    /// Whether the person has to sign in again.
    pub force_authn: bool,
    /// Whether the person must not be asked anything.
    pub is_passive: bool,
    /// The format of name identifier that is wanted.
    pub name_id_format: Option<String>,
    /// For whom the name identifier is to be.
    pub sp_name_qualifier: Option<String>,
    /// What is wanted of how the person signs in.
    pub authn_context: Option<RequestedAuthnContext>,
    /// Who the service provider thinks it is: a hint for the sign-in page.
    pub subject: Option<String>,
}

/// What is wanted of how the person signs in (SAML core section 3.3.2.2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedAuthnContext {
    /// How the classes are compared.
    pub comparison: Comparison,
    /// The classes.
    pub class_refs: Vec<String>,
}

/// How authentication contexts are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Comparison {
    /// One of them.
    #[default]
    Exact,
    /// At least as strong as one of them.
    Minimum,
    /// At most as strong as one of them.
    Maximum,
    /// Stronger than each of them.
    Better,
}

impl Comparison {
    /// The word of the attribute.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
            Self::Better => "better",
        }
    }
}
