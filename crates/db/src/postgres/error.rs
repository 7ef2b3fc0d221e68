//! PostgreSQL's errors in our words.

use std::error::Error as _;

use tokio_postgres::error::{DbError, SqlState};

use crate::error::{Error, Failure, unique_on};

/// Classes of errors that say nothing about the statement: connection, resources, the operator's intervention, the
/// system, damaged data.
const UNAVAILABLE: [&str; 5] = ["08", "53", "57", "58", "XX"];

/// Something that the connection itself must act on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Because {
    /// The schema changed under a prepared statement: it must be prepared again.
    Stale,
    Other,
}

/// What `error` of `statement` means.
pub(super) fn failure(statement: &str, error: &tokio_postgres::Error) -> (Failure, Because) {
    let Some(db) = error.as_db_error() else {
        let gone = error.is_closed() || error.source().is_some_and(|source| source.is::<std::io::Error>());
        let what = format!("{statement}: {}", text(error));
        let error = if gone { Error::Unavailable(what) } else { Error::Internal(what) };
        return (Failure { error, collided: false, disconnected: gone }, Because::Other);
    };
    let code = db.code();
    let stale = *code == SqlState::FEATURE_NOT_SUPPORTED && db.routine() == Some("RevalidateCachedQuery");
    let collided = *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED;
    let error = match code.code() {
        "23505" => Error::Unique { on: unique(db) },
        "23503" | "23001" => Error::Foreign,
        // Serialization failure, deadlock, lock timeout, statement timeout.
        "40001" | "40P01" | "55P03" | "57014" => Error::Busy,
        other if other.get(..2).is_some_and(|class| UNAVAILABLE.contains(&class)) || standby(db) => {
            Error::Unavailable(format!("{statement}: {}", text(error)))
        }
        _ => Error::Internal(format!("{statement}: {}", text(error))),
    };
    let disconnected = code.code().starts_with("57P0") || code.code().starts_with("08");
    (Failure { error, collided: collided || stale, disconnected }, if stale { Because::Stale } else { Because::Other })
}

/// The error's words without its detail, which may hold values of rows.
pub(super) fn text(error: &tokio_postgres::Error) -> String {
    match (error.as_db_error(), error.source()) {
        (Some(db), _) => format!("{} ({})", db.message(), db.code().code()),
        (None, Some(source)) if !error.to_string().contains(&source.to_string()) => format!("{error}: {source}"),
        (None, _) => error.to_string(),
    }
}

/// A standby refuses to begin READ WRITE.
fn standby(db: &DbError) -> bool {
    *db.code() == SqlState::FEATURE_NOT_SUPPORTED && db.routine() == Some("check_transaction_read_only")
}

/// Table and columns of a broken unique key. The server names the columns in the detail, whatever the constraint is
/// called: `Key (org_id, email)=(.., ..) already exists.` Without it, or over an expression, the constraint's name.
fn unique(db: &DbError) -> String {
    let by_columns = || {
        let (_, key) = db.detail()?.split_once('(')?;
        let (columns, _) = key.split_once(")=(")?;
        columns.chars().all(|c| c.is_ascii_alphanumeric() || "_, ".contains(c)).then_some(())?;
        Some(unique_on(db.table()?, columns.split(", ")))
    };
    by_columns().or_else(|| db.constraint().map(str::to_owned)).unwrap_or_default()
}
