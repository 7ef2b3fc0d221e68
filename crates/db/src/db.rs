//! The handle that the rest of the program holds.

use std::fmt;
use std::sync::Arc;

use crate::config::{Config, Engine};
use crate::counts::{Counters, Counts};
use crate::error::Error;
use crate::migrate;
use crate::migration::Migration;
use crate::postgres::Postgres;
use crate::row::FromRow;
use crate::sql::Sql;
use crate::sqlite::Sqlite;
use crate::value::{self, V};
use crate::work::{Tx, Work};

/// An open database. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Db {
    pub(crate) store: Store,
    counters: Arc<Counters>,
}

#[derive(Clone)]
pub(crate) enum Store {
    Sqlite(Arc<Sqlite>),
    Postgres(Arc<Postgres>),
}

impl Db {
    /// Opens the database: makes the file (SQLite) or connects once (PostgreSQL).
    ///
    /// # Errors
    /// [`Error::Unavailable`] with what to look at when it cannot be opened.
    pub async fn open(config: &Config) -> Result<Self, Error> {
        let counters = Arc::new(Counters::default());
        let store = match config {
            Config::Sqlite { path, readers } => {
                Store::Sqlite(Arc::new(Sqlite::open(path, *readers, Arc::clone(&counters))?))
            }
            Config::Postgres { url, connections } => {
                Store::Postgres(Arc::new(Postgres::open(url, *connections, Arc::clone(&counters)).await?))
            }
        };
        Ok(Self { store, counters })
    }

    /// Which engine serves.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.store {
            Store::Sqlite(_) => Engine::Sqlite,
            Store::Postgres(_) => Engine::Postgres,
        }
    }

    /// Applies the steps that the database does not have yet, in the order of their numbers, each in a transaction.
    /// Two programs may do it at the same time.
    ///
    /// # Errors
    /// When a step fails, when one was changed after it was applied, when the database holds one that is not in
    /// `migrations`, and when two have one number.
    pub async fn migrate(&self, migrations: &[Migration]) -> Result<(), Error> {
        migrate::migrate(self, migrations).await
    }

    /// All rows of a read. The statement cannot write.
    ///
    /// # Errors
    /// What the engine refuses, and what [`FromRow`] cannot read.
    pub async fn all<T: FromRow>(&self, sql: &'static Sql, params: &[V<'_>]) -> Result<Vec<T>, Error> {
        self.counters.statements(1);
        value::check(sql.name(), params)?;
        match &self.store {
            Store::Sqlite(sqlite) => sqlite.all(sql, params),
            Store::Postgres(postgres) => postgres.all(sql, params).await,
        }
    }

    /// The first row of a read. Say `LIMIT 1` where there may be more.
    ///
    /// # Errors
    /// As [`Db::all`].
    pub async fn first<T: FromRow>(&self, sql: &'static Sql, params: &[V<'_>]) -> Result<Option<T>, Error> {
        self.counters.statements(1);
        value::check(sql.name(), params)?;
        match &self.store {
            Store::Sqlite(sqlite) => sqlite.first(sql, params),
            Store::Postgres(postgres) => postgres.first(sql, params).await,
        }
    }

    /// Runs a work in a transaction and answers when its changes are durable. Once this was first polled and the work
    /// taken, dropping the future does not stop it.
    ///
    /// # Errors
    /// The work's own, and an [`Error`] of the transaction turned into the work's kind.
    pub async fn write<W: Work>(&self, work: W) -> Result<W::Out, W::Err> {
        match &self.store {
            Store::Sqlite(sqlite) => sqlite.write(work).await,
            Store::Postgres(postgres) => Arc::clone(postgres).write(work).await,
        }
    }

    /// Runs one statement as a work of its own; returns how many rows it changed.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn exec(&self, sql: &'static Sql, params: &[V<'_>]) -> Result<u64, Error> {
        value::check(sql.name(), params)?;
        let params = params.iter().cloned().map(V::into_owned).collect();
        match &self.store {
            Store::Sqlite(sqlite) => sqlite.write(Exec { sql, params }).await,
            Store::Postgres(postgres) => Arc::clone(postgres).exec(sql, params).await,
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it does not.
    pub async fn ping(&self) -> Result<(), Error> {
        match &self.store {
            Store::Sqlite(sqlite) => sqlite.ping(),
            Store::Postgres(postgres) => postgres.ping().await,
        }
    }

    /// What was done so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counters.read()
    }

    /// Lets the works that were taken end, then closes; every later call fails with [`Error::Unavailable`].
    pub async fn close(&self) {
        match &self.store {
            Store::Sqlite(sqlite) => sqlite.close().await,
            Store::Postgres(postgres) => postgres.close().await,
        }
    }
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Db({})", self.engine())
    }
}

struct Exec {
    sql: &'static Sql,
    params: Vec<V<'static>>,
}

impl Work for Exec {
    type Out = u64;
    type Err = Error;

    async fn run(&self, tx: &mut Tx) -> Result<u64, Error> {
        tx.exec(self.sql, &self.params).await
    }
}
