//! SQLite's errors in our words.

use rusqlite::ErrorCode;
use rusqlite::ffi;

use crate::error::{Error, unique_on};

/// What `failure` of `statement` means.
pub(super) fn error(statement: &str, failure: &rusqlite::Error) -> Error {
    let Some(code) = failure.sqlite_error() else {
        return Error::Internal(format!("{statement}: {failure}"));
    };
    match code.extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            return Error::Unique { on: unique(&failure.to_string()) };
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => return Error::Foreign,
        _ => {}
    }
    match code.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Error::Busy,
        ErrorCode::DiskFull
        | ErrorCode::SystemIoFailure
        | ErrorCode::CannotOpen
        | ErrorCode::DatabaseCorrupt
        | ErrorCode::NotADatabase
        | ErrorCode::PermissionDenied => Error::Unavailable(format!("{statement}: {failure}")),
        _ => Error::Internal(format!("{statement}: {failure}")),
    }
}

/// `UNIQUE constraint failed: users.org_id, users.email` becomes `users__org_id__email`,
/// `UNIQUE constraint failed: index 'users_by_lower_email'` the index's name.
fn unique(message: &str) -> String {
    let keys = message.split_once("failed: ").map_or(message, |(_, keys)| keys);
    if let Some(index) = keys.strip_prefix("index '") {
        return index.trim_end_matches('\'').to_owned();
    }
    let table = keys.split_once('.').map_or(keys, |(table, _)| table);
    unique_on(table, keys.split(", ").filter_map(|key| key.split_once('.').map(|(_, column)| column)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_by_what_the_caller_can_do() {
        let of = |code| error("X", &rusqlite::Error::SqliteFailure(ffi::Error::new(code), None));
        assert_eq!(of(ffi::SQLITE_BUSY), Error::Busy);
        assert_eq!(of(ffi::SQLITE_BUSY_SNAPSHOT), Error::Busy);
        assert!(matches!(of(ffi::SQLITE_FULL), Error::Unavailable(_)));
        assert!(matches!(of(ffi::SQLITE_IOERR_FSYNC), Error::Unavailable(_)));
        assert!(matches!(of(ffi::SQLITE_MISMATCH), Error::Internal(_)));
        assert!(matches!(error("X", &rusqlite::Error::InvalidQuery), Error::Internal(_)));
    }

    #[test]
    fn names_table_and_columns() {
        assert_eq!(unique("UNIQUE constraint failed: users.org_id, users.email"), "users__org_id__email");
        assert_eq!(unique("UNIQUE constraint failed: users.id"), "users__id");
        assert_eq!(unique("UNIQUE constraint failed: index 'users_lower'"), "users_lower");
    }
}
