//! What an identity provider says about a person (SAML core section 2). Never here: which attributes a person has.

mod read;
mod write;

pub use read::{Addressee, SignedIn};
pub(crate) use read::{read, readable};
pub use write::OutgoingAssertion;
pub(crate) use write::write;

/// How a person signed in: the classes that are told (SAML authn-context section 3.4).
pub mod class_ref {
    /// By password over TLS.
    pub const PASSWORD_PROTECTED_TRANSPORT: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
    /// By password.
    pub const PASSWORD: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password";
    /// In a way that is not told, such as at another identity provider.
    pub const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified";
    /// With a second factor (REFEDS).
    pub const MFA: &str = "https://refeds.org/profile/mfa";
}

/// The formats of attribute names (SAML core section 8.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum NameFormat {
    /// Not told.
    #[default]
    Unspecified,
    /// A short name.
    Basic,
    /// A URI.
    Uri,
}

impl NameFormat {
    /// Its identifier.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Unspecified => "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified",
            Self::Basic => "urn:oasis:names:tc:SAML:2.0:attrname-format:basic",
            Self::Uri => "urn:oasis:names:tc:SAML:2.0:attrname-format:uri",
        }
    }

    /// The format of this identifier; another one is [`Self::Unspecified`].
    #[must_use]
    pub fn from_uri(uri: &str) -> Self {
        [Self::Basic, Self::Uri].into_iter().find(|format| format.uri() == uri).unwrap_or_default()
    }
}

/// An attribute of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// The format of its name.
    pub name_format: NameFormat,
    /// Its name for people.
    pub friendly_name: Option<String>,
    /// Its values, as text.
    pub values: Vec<String>,
}
