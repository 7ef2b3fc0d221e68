//! Name identifiers and their formats (SAML core sections 2.2.3 and 8.3). Never here: which person one stands for.

use crate::xml::node::{self, ShapeError};
use crate::xml::{Node, SAML, Writer};

/// The longest value that is read, in bytes.
const MAX_BYTES: usize = 1024;

/// The formats that are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameIdFormat {
    /// Whatever both sides agreed on.
    Unspecified,
    /// An e-mail address.
    EmailAddress,
    /// An opaque name that is stable for one service provider.
    Persistent,
    /// An opaque name for one session.
    Transient,
    /// A distinguished name.
    X509SubjectName,
    /// `DOMAIN\user`.
    WindowsDomainQualifiedName,
}

impl NameIdFormat {
    /// Every one of them.
    pub const ALL: [Self; 6] = [
        Self::Unspecified,
        Self::EmailAddress,
        Self::Persistent,
        Self::Transient,
        Self::X509SubjectName,
        Self::WindowsDomainQualifiedName,
    ];

    /// Its identifier.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Unspecified => "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
            Self::EmailAddress => "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
            Self::Persistent => "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
            Self::Transient => "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
            Self::X509SubjectName => "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName",
            Self::WindowsDomainQualifiedName => "urn:oasis:names:tc:SAML:1.1:nameid-format:WindowsDomainQualifiedName",
        }
    }

    /// The format of exactly this identifier. Some service providers write `2.0` where `1.1` is right, which is taken.
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        let corrected = uri.replacen("SAML:2.0:nameid-format:", "SAML:1.1:nameid-format:", 1);
        Self::ALL.into_iter().find(|format| format.uri() == uri || format.uri() == corrected)
    }
}

/// A name for a person, as one side tells it to the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameId {
    /// The name.
    pub value: String,
    /// The identifier of its format; absent is unspecified.
    pub format: Option<String>,
    /// The identity provider whose name it is.
    pub name_qualifier: Option<String>,
    /// The service provider for which it is the name.
    pub sp_name_qualifier: Option<String>,
}

impl NameId {
    /// A name without qualifiers.
    #[must_use]
    pub fn new(value: impl Into<String>, format: NameIdFormat) -> Self {
        Self {
            value: value.into(),
            format: Some(format.uri().to_owned()),
            name_qualifier: None,
            sp_name_qualifier: None,
        }
    }

    /// Reads a `saml:NameID`. A comment or an element inside is refused (comment truncation).
    pub(crate) fn read(element: Node<'_, '_>) -> Result<Self, ShapeError> {
        let value = node::required_text(element, "NameID")?;
        if value.len() > MAX_BYTES {
            return Err(ShapeError::Value("NameID"));
        }
        let owned = |name| node::optional(element, name).filter(|value| !value.is_empty()).map(str::to_owned);
        Ok(Self {
            value: value.to_owned(),
            format: owned("Format"),
            name_qualifier: owned("NameQualifier"),
            sp_name_qualifier: owned("SPNameQualifier"),
        })
    }

    /// Writes it.
    pub(crate) fn write(&self, to: &mut Writer) {
        to.leaf(
            SAML,
            "NameID",
            &[
                ("Format", self.format.as_deref()),
                ("NameQualifier", self.name_qualifier.as_deref()),
                ("SPNameQualifier", self.sp_name_qualifier.as_deref()),
            ],
            &self.value,
        );
    }
}
