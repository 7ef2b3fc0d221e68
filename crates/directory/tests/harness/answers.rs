//! Reads of an answer that a test expects to be a refusal.

use std::fmt::Debug;

use muster_directory::{Error, Result};

/// The text of a conflict.
pub fn conflict<T: Debug>(result: Result<T>) -> String {
    match result {
        Err(Error::Conflict(text)) => text,
        other => panic!("expected a conflict: {other:?}"),
    }
}

/// The text of a denial.
pub fn denied<T: Debug>(result: Result<T>) -> String {
    match result {
        Err(Error::Denied(text)) => text,
        other => panic!("expected a denial: {other:?}"),
    }
}

/// The fields that are wrong.
pub fn fields<T: Debug>(result: Result<T>) -> Vec<String> {
    match result {
        Err(Error::Invalid(fields)) => fields.into_iter().map(|f| f.field).collect(),
        other => panic!("expected wrong fields: {other:?}"),
    }
}

/// Whether the object is not there, for this organization at least.
pub fn is_missing<T: Debug>(result: Result<T>) -> bool {
    match result {
        Err(Error::Missing(_)) => true,
        Ok(_) => false,
        other => panic!("expected an answer or Missing: {other:?}"),
    }
}
