//! PostgreSQL's errors in our words.

use std::error::Error as _;

use tokio_postgres::error::{DbError, SqlState};

use crate::error::{Error, Failure, unique_on};

/// Classes of errors that say nothing about the statement: connection, resources, the operator's intervention, the
/// system, damaged data.
const UNAVAILABLE: [&str; 5] = ["08", "53", "57", "58", "XX"];

/// What `error` of `statement` means.
pub(super) fn failure(statement: &str, error: &tokio_postgres::Error) -> Failure {
    let what = || format!("{statement}: {}", text(error));
    let Some(db) = error.as_db_error() else {
        let disconnected = error.is_closed() || error.source().is_some_and(|source| source.is::<std::io::Error>());
        let error = if disconnected { Error::Unavailable(what()) } else { Error::Internal(what()) };
        return Failure { disconnected, ..Failure::from(error) };
    };
    let code = db.code().code();
    let error = match code {
        "23505" => Error::Unique { on: unique(db) },
        "23503" | "23001" => Error::Foreign,
        // Serialization failure, deadlock, lock timeout, statement timeout.
        "40001" | "40P01" | "55P03" | "57014" => Error::Busy,
        _ if UNAVAILABLE.iter().any(|class| code.starts_with(class)) || standby(db) => Error::Unavailable(what()),
        _ => Error::Internal(what()),
    };
    let stale = *db.code() == SqlState::FEATURE_NOT_SUPPORTED && db.routine() == Some("RevalidateCachedQuery");
    Failure {
        error,
        collided: stale || ["40001", "40P01"].contains(&code),
        disconnected: code.starts_with("57P0") || code.starts_with("08"),
        stale,
    }
}

/// The error's words without its detail, which may hold values of rows.
pub(super) fn text(error: &tokio_postgres::Error) -> String {
    match (error.as_db_error(), error.source()) {
        (Some(db), _) => format!("{} ({})", db.message(), db.code().code()),
        (None, Some(source)) if !error.to_string().contains(&source.to_string()) => format!("{error}: {source}"),
        (None, _) => error.to_string(),
    }
}

/// A standby refuses the setting that a connection for works has.
fn standby(db: &DbError) -> bool {
    *db.code() == SqlState::READ_ONLY_SQL_TRANSACTION && db.routine() == Some("PreventCommandDuringRecovery")
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
