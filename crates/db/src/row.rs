//! Rows of answers, read by position.

use muster_base::{Digest, Id, Micros};

use crate::error::Error;

/// One row; valid while [`FromRow::from_row`] runs.
pub struct Row<'r> {
    statement: &'static str,
    source: Source<'r>,
}

pub(crate) enum Source<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r tokio_postgres::Row),
}

/// A value as either engine gives it.
pub(crate) enum Cell<'r> {
    Null,
    Int(i64),
    Text(&'r str),
    Bytes(&'r [u8]),
}

/// Something that is read from one row. Implemented for tuples of up to eight [`Column`]s and for each of them alone.
pub trait FromRow: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// When a column is missing or of another type ([`Error::Internal`]).
    fn from_row(row: &Row<'_>) -> Result<Self, Error>;
}

/// Something that is read from one column; `Option` of it from one that may be NULL.
pub trait Column: Sized {
    /// Reads column `i`, counted from 0.
    ///
    /// # Errors
    /// When the column is missing or of another type ([`Error::Internal`]).
    fn from_column(row: &Row<'_>, i: usize) -> Result<Self, Error>;
}

impl<'r> Row<'r> {
    pub(crate) fn new(statement: &'static str, source: Source<'r>) -> Self {
        Self { statement, source }
    }

    fn cell(&self, i: usize) -> Result<Cell<'r>, Error> {
        match self.source {
            Source::Sqlite(row) => crate::sqlite::cell(row, i),
            Source::Postgres(row) => crate::postgres::cell(row, i),
        }
        .map_err(|what| Error::Internal(format!("{}: column {i} {what}", self.statement)))
    }

    fn wrong<T>(&self, i: usize, cell: &Cell<'_>, wanted: &str) -> Result<T, Error> {
        let is = match cell {
            Cell::Null => "NULL",
            Cell::Int(_) => "a number",
            Cell::Text(_) => "text",
            Cell::Bytes(_) => "bytes",
        };
        Err(Error::Internal(format!("{}: column {i} is {is} where {wanted} was expected", self.statement)))
    }

    /// Whether column `i` is NULL.
    ///
    /// # Errors
    /// When there is no such column.
    pub fn is_null(&self, i: usize) -> Result<bool, Error> {
        Ok(matches!(self.cell(i)?, Cell::Null))
    }

    /// Text, borrowed from the row.
    ///
    /// # Errors
    /// When the column is missing, NULL or of another type; so for each of the following.
    pub fn str(&self, i: usize) -> Result<&'r str, Error> {
        match self.cell(i)? {
            Cell::Text(text) => Ok(text),
            other => self.wrong(i, &other, "text"),
        }
    }

    /// Text.
    ///
    /// # Errors
    /// As [`Row::str`].
    pub fn text(&self, i: usize) -> Result<String, Error> {
        self.str(i).map(str::to_owned)
    }

    /// Text or NULL.
    ///
    /// # Errors
    /// As [`Row::str`], but for NULL.
    pub fn opt_text(&self, i: usize) -> Result<Option<String>, Error> {
        Option::from_column(self, i)
    }

    /// A whole number of any width.
    ///
    /// # Errors
    /// As [`Row::str`].
    pub fn i64(&self, i: usize) -> Result<i64, Error> {
        match self.cell(i)? {
            Cell::Int(number) => Ok(number),
            other => self.wrong(i, &other, "a number"),
        }
    }

    /// A whole number or NULL.
    ///
    /// # Errors
    /// As [`Row::str`], but for NULL.
    pub fn opt_i64(&self, i: usize) -> Result<Option<i64>, Error> {
        Option::from_column(self, i)
    }

    /// Truth: any number but 0.
    ///
    /// # Errors
    /// As [`Row::str`].
    pub fn bool(&self, i: usize) -> Result<bool, Error> {
        self.i64(i).map(|number| number != 0)
    }

    /// Bytes.
    ///
    /// # Errors
    /// As [`Row::str`].
    pub fn bytes(&self, i: usize) -> Result<Vec<u8>, Error> {
        match self.cell(i)? {
            Cell::Bytes(bytes) => Ok(bytes.to_vec()),
            other => self.wrong(i, &other, "bytes"),
        }
    }

    /// Bytes or NULL.
    ///
    /// # Errors
    /// As [`Row::str`], but for NULL.
    pub fn opt_bytes(&self, i: usize) -> Result<Option<Vec<u8>>, Error> {
        Option::from_column(self, i)
    }

    /// An identifier.
    ///
    /// # Errors
    /// As [`Row::str`], and when the text is not one.
    pub fn id(&self, i: usize) -> Result<Id, Error> {
        self.str(i)?.parse().map_err(|_| Error::Internal(format!("{}: column {i} is not an id", self.statement)))
    }

    /// An identifier or NULL.
    ///
    /// # Errors
    /// As [`Row::id`], but for NULL.
    pub fn opt_id(&self, i: usize) -> Result<Option<Id>, Error> {
        Option::from_column(self, i)
    }

    /// A time.
    ///
    /// # Errors
    /// As [`Row::str`].
    pub fn micros(&self, i: usize) -> Result<Micros, Error> {
        self.i64(i).map(Micros)
    }

    /// A time or NULL.
    ///
    /// # Errors
    /// As [`Row::str`], but for NULL.
    pub fn opt_micros(&self, i: usize) -> Result<Option<Micros>, Error> {
        Option::from_column(self, i)
    }

    /// A SHA-256.
    ///
    /// # Errors
    /// As [`Row::str`], and when it is not 32 bytes long.
    pub fn digest(&self, i: usize) -> Result<Digest, Error> {
        match self.cell(i)? {
            Cell::Bytes(bytes) => bytes
                .try_into()
                .map_err(|_| Error::Internal(format!("{}: column {i} is not 32 bytes long", self.statement))),
            other => self.wrong(i, &other, "bytes"),
        }
    }
}

impl<T: Column> Column for Option<T> {
    fn from_column(row: &Row<'_>, i: usize) -> Result<Self, Error> {
        if row.is_null(i)? { Ok(None) } else { T::from_column(row, i).map(Some) }
    }
}

impl<T: Column> FromRow for Option<T> {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Self::from_column(row, 0)
    }
}

macro_rules! column {
    ($($type:ty = $read:ident),*) => { $(
        impl Column for $type {
            fn from_column(row: &Row<'_>, i: usize) -> Result<Self, Error> {
                row.$read(i)
            }
        }
        impl FromRow for $type {
            fn from_row(row: &Row<'_>) -> Result<Self, Error> {
                row.$read(0)
            }
        }
    )* };
}

column!(String = text, i64 = i64, bool = bool, Vec<u8> = bytes, Id = id, Micros = micros, Digest = digest);

macro_rules! tuple {
    ($($type:ident $i:tt),*) => {
        impl<$($type: Column),*> FromRow for ($($type,)*) {
            fn from_row(row: &Row<'_>) -> Result<Self, Error> {
                Ok(($($type::from_column(row, $i)?,)*))
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
