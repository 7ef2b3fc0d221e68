//! What a verb can answer besides success. Each variant has a public message; `Internal` keeps its reason for the log.

use muster_db as db;
use serde::Serialize;

/// The result of a verb or a read.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One field of the input that is wrong, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The field's name as in the API, with a path for nested ones: `attributes[2].name`.
    pub field: String,
    /// What is wrong and the fix, for a person.
    pub message: String,
}

impl FieldError {
    /// A field and its message.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// Why a verb was refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such object in this organization (also: it belongs to another one).
    #[error("Not Found")]
    Missing(&'static str),
    /// Something with that unique value exists.
    #[error("{0}")]
    Conflict(String),
    /// The input is wrong; one entry per field.
    #[error("{}", fields_text(.0))]
    Invalid(Vec<FieldError>),
    /// Not allowed, with the reason for a person.
    #[error("{0}")]
    Denied(String),
    /// The object changed meanwhile.
    #[error("this has changed meanwhile: reload and try again")]
    Stale,
    /// Too much or too often.
    #[error("{0}")]
    Limit(String),
    /// The database or another part is not there now.
    #[error("the service is not available at the moment: try again")]
    Unavailable(String),
    /// A fault of ours; the text is for the log only.
    #[error("an internal error occurred; it is in the log under the request's id")]
    Internal(String),
}

fn fields_text(fields: &[FieldError]) -> String {
    fields.iter().map(|f| format!("{}: {}", f.field, f.message)).collect::<Vec<_>>().join("; ")
}

impl Error {
    /// One wrong field.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
    }

    /// `Ok` when `fields` is empty.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the fields.
    pub fn unless_empty(fields: Vec<FieldError>) -> Result<()> {
        if fields.is_empty() { Ok(()) } else { Err(Self::Invalid(fields)) }
    }

    /// The same error with a field under the name that a door gives it.
    #[must_use]
    pub fn renamed(mut self, from: &str, to: &str) -> Self {
        if let Self::Invalid(fields) = &mut self {
            for field in fields.iter_mut().filter(|f| f.field == from) {
                to.clone_into(&mut field.field);
            }
        }
        self
    }

    /// The reason for the log; `None` where the public message says it all.
    #[must_use]
    pub fn private(&self) -> Option<&str> {
        match self {
            Self::Unavailable(reason) | Self::Internal(reason) => Some(reason),
            _ => None,
        }
    }
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::Unique { on } => Self::Conflict(format!("Already Exists ({on})")),
            db::Error::Busy => Self::Unavailable("database busy".into()),
            db::Error::Unavailable(reason) => Self::Unavailable(reason),
            other => Self::Internal(other.to_string()),
        }
    }
}
