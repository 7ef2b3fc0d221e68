//! What can go wrong in the database, in the same words for both engines.

/// Why a statement, a work or a commit failed. Where a row breaks several keys at once, the engine chooses which of them
/// it names. The texts are for the log, not for the person who asked: none holds a
/// value of a row or a parameter that this crate put there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A row with the same key is there already.
    #[error("a row with the same key exists ({on})")]
    Unique {
        /// Table and columns, joined by two underscores: `users__org_id__email_norm`; for an index over an
        /// expression the index's name.
        on: String,
    },
    /// A row names another that does not exist, or one was deleted that others name.
    #[error("a row refers to one that does not exist")]
    Foreign,
    /// Someone else held the lock for too long, or the transaction kept colliding: trying again later may work.
    #[error("the database is busy")]
    Busy,
    /// The database cannot be reached, or its storage fails. After a write it is unknown whether it was made.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// A fault of ours: a wrong statement, a wrong type, a broken rule of this crate.
    #[error("database: {0}")]
    Internal(String),
}

impl Error {
    /// Whether a unique key over `column` was broken: its last column, or any of them.
    #[must_use]
    pub fn is_unique_on(&self, column: &str) -> bool {
        let Self::Unique { on } = self else { return false };
        // Where PostgreSQL did not say which columns, only the primary key's default name is left.
        on.split("__").skip(1).any(|part| part == column) || (column == "id" && on.ends_with("_pkey"))
    }
}

/// An error and what it means for the transaction it happened in.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) error: Error,
    /// Another transaction was in the way: the same work may succeed when run again.
    pub(crate) collided: bool,
    /// The connection is gone; nothing was done on it if it was only about to begin.
    pub(crate) disconnected: bool,
    /// The schema changed under a prepared statement: it must be prepared again.
    pub(crate) stale: bool,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, collided: false, disconnected: false, stale: false }
    }
}

/// `table` and `columns` in the form of [`Error::Unique`].
pub(crate) fn unique_on<'a>(table: &str, columns: impl IntoIterator<Item = &'a str>) -> String {
    let mut on = table.to_owned();
    for column in columns {
        on.push_str("__");
        on.push_str(column);
    }
    on
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_column_among_the_parts() {
        let error = Error::Unique { on: unique_on("users", ["org_id", "email_norm"]) };
        assert_eq!(error, Error::Unique { on: "users__org_id__email_norm".into() });
        assert!(error.is_unique_on("email_norm") && error.is_unique_on("org_id"));
        assert!(!error.is_unique_on("email") && !error.is_unique_on("users"));
        assert!(Error::Unique { on: "users_pkey".into() }.is_unique_on("id"));
        assert!(!Error::Busy.is_unique_on("id"));
    }
}
