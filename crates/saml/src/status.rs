//! Status codes of responses (SAML core section 3.2.2). Never here: when which is answered.

use crate::refusal::Refusal;
use crate::xml::{Node, SAMLP, Writer, node};

/// The first-level codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// It worked.
    Success,
    /// The fault is the requester's.
    Requester,
    /// The fault is ours.
    Responder,
    /// Another version of SAML.
    VersionMismatch,
}

/// The second-level codes that are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// The person could not be authenticated.
    AuthnFailed,
    /// The name identifier that is asked for cannot be given.
    InvalidNameIdPolicy,
    /// The authentication that is asked for cannot be given.
    NoAuthnContext,
    /// It would need the person, but `IsPassive` forbids to ask.
    NoPassive,
    /// Not every participant could be signed out.
    PartialLogout,
    /// Understood, but refused.
    RequestDenied,
    /// Not supported.
    RequestUnsupported,
    /// The person is not known.
    UnknownPrincipal,
}

/// What a response says about how it went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The first-level code.
    pub code: Code,
    /// The second-level code; one that is not in the list is `None`.
    pub detail: Option<Detail>,
    /// Words for people.
    pub message: Option<String>,
}

const CODES: [(Code, &str); 4] = [
    (Code::Success, "urn:oasis:names:tc:SAML:2.0:status:Success"),
    (Code::Requester, "urn:oasis:names:tc:SAML:2.0:status:Requester"),
    (Code::Responder, "urn:oasis:names:tc:SAML:2.0:status:Responder"),
    (Code::VersionMismatch, "urn:oasis:names:tc:SAML:2.0:status:VersionMismatch"),
];
const DETAILS: [(Detail, &str); 8] = [
    (Detail::AuthnFailed, "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"),
    (Detail::InvalidNameIdPolicy, "urn:oasis:names:tc:SAML:2.0:status:InvalidNameIDPolicy"),
    (Detail::NoAuthnContext, "urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext"),
    (Detail::NoPassive, "urn:oasis:names:tc:SAML:2.0:status:NoPassive"),
    (Detail::PartialLogout, "urn:oasis:names:tc:SAML:2.0:status:PartialLogout"),
    (Detail::RequestDenied, "urn:oasis:names:tc:SAML:2.0:status:RequestDenied"),
    (Detail::RequestUnsupported, "urn:oasis:names:tc:SAML:2.0:status:RequestUnsupported"),
    (Detail::UnknownPrincipal, "urn:oasis:names:tc:SAML:2.0:status:UnknownPrincipal"),
];

impl Status {
    /// It worked.
    #[must_use]
    pub const fn success() -> Self {
        Self { code: Code::Success, detail: None, message: None }
    }

    /// It did not.
    #[must_use]
    pub const fn failure(code: Code, detail: Detail) -> Self {
        Self { code, detail: Some(detail), message: None }
    }

    /// The same with words.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// Whether it worked.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.code == Code::Success
    }

    /// Reads the `samlp:Status` of a response.
    pub(crate) fn read(response: Node<'_, '_>) -> Result<Self, Refusal> {
        let status = node::required(response, SAMLP, "Status")?;
        let code = node::required(status, SAMLP, "StatusCode")?;
        let inner = node::child(code, SAMLP, "StatusCode")?.and_then(|inner| node::optional(inner, "Value"));
        let message = node::child(status, SAMLP, "StatusMessage")?.map(node::text).transpose()?;
        let value = node::attribute(code, "Value")?;
        let known = CODES.iter().find(|(_, uri)| *uri == value).map(|(code, _)| *code);
        Ok(Self {
            code: known.ok_or(node::ShapeError::Value("StatusCode"))?,
            detail: DETAILS.iter().find(|(_, uri)| Some(*uri) == inner).map(|(detail, _)| *detail),
            message: message.filter(|text| !text.is_empty()).map(|text| text.chars().take(500).collect()),
        })
    }

    /// Writes it.
    pub(crate) fn write(&self, to: &mut Writer) {
        to.open(SAMLP, "Status", &[]).open(SAMLP, "StatusCode", &[("Value", Some(uri(&CODES, self.code)))]);
        if let Some(detail) = self.detail {
            to.leaf(SAMLP, "StatusCode", &[("Value", Some(uri(&DETAILS, detail)))], "");
        }
        to.close();
        if let Some(message) = &self.message {
            to.leaf(SAMLP, "StatusMessage", &[], message);
        }
        to.close();
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.code)?;
        if let Some(detail) = self.detail {
            write!(f, "/{detail:?}")?;
        }
        self.message.as_ref().map_or(Ok(()), |message| write!(f, " ({message:?})"))
    }
}

fn uri<T: PartialEq>(list: &[(T, &'static str)], item: T) -> &'static str {
    list.iter().find(|(listed, _)| *listed == item).map_or("", |(_, uri)| uri)
}
