//! The protocol error: HTTP status, `scimType` and a detail for the developer who reads it (RFC 7644 section 3.12), and
//! the reading of what other servers answer. Never here: errors of storage or network.

use serde_json::{Value, json};

use crate::limits::SHOWN_CHARS_MAX;
use crate::urn;

/// The registered detail error keywords (RFC 7644 table 9, RFC 9865 section 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScimType {
    /// The filter is malformed, or this attribute cannot be compared so.
    InvalidFilter,
    /// The filter yields more than the server is willing to go through.
    TooMany,
    /// A value is taken already.
    Uniqueness,
    /// The change is against the attribute's mutability, or would leave a required one empty.
    Mutability,
    /// The body is no JSON or does not follow the request's schema.
    InvalidSyntax,
    /// A PATCH path is malformed or names nothing known.
    InvalidPath,
    /// A PATCH path matched nothing that the operation could work on.
    NoTarget,
    /// A value is missing or does not fit the attribute.
    InvalidValue,
    /// The protocol version is not supported.
    InvalidVers,
    /// The request cannot be completed because of sensitive data in its address.
    Sensitive,
    /// The paging cursor is not one of ours (RFC 9865).
    InvalidCursor,
    /// The paging cursor has run out (RFC 9865).
    ExpiredCursor,
    /// The page size is out of range (RFC 9865).
    InvalidCount,
}

impl ScimType {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::InvalidFilter,
        Self::TooMany,
        Self::Uniqueness,
        Self::Mutability,
        Self::InvalidSyntax,
        Self::InvalidPath,
        Self::NoTarget,
        Self::InvalidValue,
        Self::InvalidVers,
        Self::Sensitive,
        Self::InvalidCursor,
        Self::ExpiredCursor,
        Self::InvalidCount,
    ];

    /// The keyword on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::InvalidFilter => "invalidFilter",
            Self::TooMany => "tooMany",
            Self::Uniqueness => "uniqueness",
            Self::Mutability => "mutability",
            Self::InvalidSyntax => "invalidSyntax",
            Self::InvalidPath => "invalidPath",
            Self::NoTarget => "noTarget",
            Self::InvalidValue => "invalidValue",
            Self::InvalidVers => "invalidVers",
            Self::Sensitive => "sensitive",
            Self::InvalidCursor => "invalidCursor",
            Self::ExpiredCursor => "expiredCursor",
            Self::InvalidCount => "invalidCount",
        }
    }

    /// Reads the keyword without regard to case.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.word().eq_ignore_ascii_case(word))
    }

    /// The status that goes with it.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Uniqueness => 409,
            Self::Sensitive => 403,
            _ => 400,
        }
    }
}

/// A protocol error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{status}{}: {detail}", .scim_type.map(|t| format!(" {}", t.word())).unwrap_or_default())]
pub struct Error {
    /// The HTTP status.
    pub status: u16,
    /// The keyword, where there is one.
    pub scim_type: Option<ScimType>,
    /// What was wrong, and how to mend it.
    pub detail: String,
}

impl Error {
    /// An error with the keyword's own status.
    #[must_use]
    pub fn new(scim_type: ScimType, detail: impl Into<String>) -> Self {
        Self { status: scim_type.status(), scim_type: Some(scim_type), detail: detail.into() }
    }

    /// An error that has a status alone.
    #[must_use]
    pub fn status(status: u16, detail: impl Into<String>) -> Self {
        Self { status, scim_type: None, detail: detail.into() }
    }

    /// `invalidValue`.
    #[must_use]
    pub fn invalid_value(detail: impl Into<String>) -> Self {
        Self::new(ScimType::InvalidValue, detail)
    }

    /// `invalidSyntax`.
    #[must_use]
    pub fn invalid_syntax(detail: impl Into<String>) -> Self {
        Self::new(ScimType::InvalidSyntax, detail)
    }

    /// `invalidPath`.
    #[must_use]
    pub fn invalid_path(detail: impl Into<String>) -> Self {
        Self::new(ScimType::InvalidPath, detail)
    }

    /// `mutability`.
    #[must_use]
    pub fn mutability(detail: impl Into<String>) -> Self {
        Self::new(ScimType::Mutability, detail)
    }

    /// The body (RFC 7644 section 3.12); the status is a text there.
    #[must_use]
    pub fn json(&self) -> Value {
        let mut body = json!({ "schemas": [urn::ERROR], "status": self.status.to_string(), "detail": self.detail });
        if let (Some(scim_type), Some(members)) = (self.scim_type, body.as_object_mut()) {
            members.insert("scimType".into(), scim_type.word().into());
        }
        body
    }

    /// What another server means by an answer of this status: the SCIM 2.0 error, the `Errors` list of 1.1, the shapes
    /// of common gateways, or the status alone. Foreign text is cut and freed of control characters.
    #[must_use]
    pub fn read(status: u16, body: &[u8]) -> Self {
        let value: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        let first = value.get("Errors").or_else(|| value.get("errors")).and_then(|e| e.get(0)).cloned();
        let member = |name: &str| {
            let of = |v: &Value| v.get(name).and_then(Value::as_str).map(str::to_owned);
            of(&value).or_else(|| first.as_ref().and_then(of))
        };
        let scim_type = member("scimType").and_then(|word| ScimType::from_word(&word));
        let detail = ["detail", "description", "message", "error_description", "error", "title"]
            .iter()
            .find_map(|name| member(name))
            .unwrap_or_else(|| described(body));
        Self { status, scim_type, detail: shown(&detail) }
    }
}

/// A body that is no SCIM error, in words.
fn described(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body.get(..body.len().min(4 * SHOWN_CHARS_MAX)).unwrap_or(body)).into_owned();
    let start = text.trim_start().to_ascii_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        return "the answer is a web page, not SCIM: check the Base URL".into();
    }
    if start.is_empty() { "no detail was given".into() } else { text }
}

/// Foreign text made fit to be shown: bounded, control characters turned to spaces.
#[must_use]
pub fn shown(text: &str) -> String {
    let mut out: String =
        text.trim().chars().take(SHOWN_CHARS_MAX).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.trim().chars().nth(SHOWN_CHARS_MAX).is_some() {
        out.push('…');
    }
    out
}
