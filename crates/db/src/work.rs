//! Transactions: what runs in one, and what it sees of the database.

use std::any::Any;
use std::future::Future;
use std::sync::Arc;

use crate::config::Engine;
use crate::counts::Counters;
use crate::error::{Error, Failure};
use crate::postgres;
use crate::row::FromRow;
use crate::sql::Sql;
use crate::sqlite;
use crate::value::{self, V};

/// What happens in one transaction. All it needs is in `self`, all it changes goes through the [`Tx`], so that it can
/// be run again from the start and does not care who still waits for it.
pub trait Work: Send + Sync + 'static {
    /// What it answers.
    type Out: Send + 'static;
    /// Why it did not; nothing of it is kept then.
    type Err: From<Error> + Send + 'static;

    /// Does the work. Await nothing but the methods of `tx`: on SQLite any other wait is refused, on PostgreSQL it
    /// would hold locks.
    fn run<'a>(&'a self, tx: &'a mut Tx) -> impl Future<Output = Result<Self::Out, Self::Err>> + Send + 'a;
}

/// The inside of a transaction. After the first statement that fails, every further one fails in the same way and
/// the transaction is rolled back, whatever the work answers.
pub struct Tx {
    pub(crate) on: On,
    pub(crate) counters: Arc<Counters>,
    /// The first failure.
    pub(crate) failed: Option<Error>,
    /// The failure was a collision with another transaction: run the work again.
    pub(crate) collided: bool,
    /// Something may have been changed.
    pub(crate) wrote: bool,
}

pub(crate) enum On {
    Sqlite(rusqlite::Connection),
    Postgres(Arc<postgres::Connection>),
}

impl Tx {
    pub(crate) fn new(on: On, counters: Arc<Counters>) -> Self {
        Self { on, counters, failed: None, collided: false, wrote: false }
    }

    /// Which engine serves.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.on {
            On::Sqlite(_) => Engine::Sqlite,
            On::Postgres(_) => Engine::Postgres,
        }
    }

    /// All rows of an answer.
    ///
    /// # Errors
    /// What the engine refuses, and what [`FromRow`] cannot read.
    pub async fn all<T: FromRow>(&mut self, sql: &'static Sql, params: &[V<'_>]) -> Result<Vec<T>, Error> {
        self.ready(sql, params, 1)?;
        self.wrote |= !sql.is_select();
        let result = match &mut self.on {
            On::Sqlite(connection) => sqlite::all(connection, sql, params).map_err(Failure::from),
            On::Postgres(connection) => connection.all(sql, params).await,
        };
        self.note(result)
    }

    /// The first row of an answer.
    ///
    /// # Errors
    /// As [`Tx::all`].
    pub async fn first<T: FromRow>(&mut self, sql: &'static Sql, params: &[V<'_>]) -> Result<Option<T>, Error> {
        self.ready(sql, params, 1)?;
        self.wrote |= !sql.is_select();
        let result = match &mut self.on {
            On::Sqlite(connection) => sqlite::first(connection, sql, params).map_err(Failure::from),
            On::Postgres(connection) => connection.first(sql, params).await,
        };
        self.note(result)
    }

    /// Runs a statement that answers no rows; returns how many it changed.
    ///
    /// # Errors
    /// As [`Tx::all`].
    pub async fn exec(&mut self, sql: &'static Sql, params: &[V<'_>]) -> Result<u64, Error> {
        self.ready(sql, params, 1)?;
        let result = match &mut self.on {
            On::Sqlite(connection) => sqlite::exec(connection, sql, params).map_err(Failure::from),
            On::Postgres(connection) => connection.exec(sql, params).await,
        };
        // A statement that fails undoes what it did itself.
        self.wrote |= result.is_ok();
        self.note(result)
    }

    /// Runs a statement once for each of `rows`, in order and without waiting between them; returns how many rows all
    /// of them changed.
    ///
    /// # Errors
    /// As [`Tx::all`]; the first failure is the one reported.
    pub async fn exec_all(&mut self, sql: &'static Sql, rows: Vec<Vec<V<'_>>>) -> Result<u64, Error> {
        for row in &rows {
            self.ready(sql, row, 1)?;
        }
        self.wrote = true;
        let result = match &mut self.on {
            On::Sqlite(connection) => {
                rows.iter().map(|row| sqlite::exec(connection, sql, row).map_err(Failure::from)).sum()
            }
            On::Postgres(connection) => connection.exec_all(sql, &rows).await,
        };
        self.note(result)
    }

    /// Runs a text of several statements without parameters.
    pub(crate) async fn batch(&mut self, text: &str) -> Result<(), Error> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        self.wrote = true;
        let result = match &mut self.on {
            On::Sqlite(connection) => sqlite::batch(connection, text).map_err(Failure::from),
            On::Postgres(connection) => connection.batch(text).await,
        };
        self.note(result)
    }

    fn ready(&mut self, sql: &'static Sql, params: &[V<'_>], statements: u64) -> Result<(), Error> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        self.counters.statements(statements);
        let result = value::check(sql.name(), params).map_err(Failure::from);
        self.note(result)
    }

    fn note<T>(&mut self, result: Result<T, Failure>) -> Result<T, Error> {
        result.map_err(|failure| {
            self.collided |= failure.collided;
            self.failed.get_or_insert_with(|| failure.error.clone());
            failure.error
        })
    }
}

/// A panic as an error. Its text is ours, not the person's, and goes to the log.
pub(crate) fn panicked(panic: &(dyn Any + Send)) -> Error {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    Error::Internal(format!("a work panicked: {}", text.unwrap_or("(no text)")))
}
