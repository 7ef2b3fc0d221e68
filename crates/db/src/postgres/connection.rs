//! One connection and the statements prepared on it.

use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::{Mutex, PoisonError};
use std::task::Poll;

use futures_util::future::maybe_done;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Statement};

use super::error::failure;
use super::param::Bound;
use crate::config::Engine;
use crate::error::{Error, Failure};
use crate::row::{FromRow, Row, Source};
use crate::sql::Sql;
use crate::value::V;

/// How many executions of one statement are under way at a time.
const PIPELINE: usize = 64;

/// A connection. Statements sent by several callers at once are answered in the order they were sent in.
pub(crate) struct Connection {
    client: Client,
    /// By the address of the `Sql`, which is a static. It holds every statement of the program at most.
    statements: Mutex<HashMap<usize, Statement>>,
}

impl Connection {
    pub(super) fn new(client: Client) -> Self {
        Self { client, statements: Mutex::new(HashMap::new()) }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    pub(crate) async fn all<T: FromRow>(&self, sql: &'static Sql, params: &[V<'_>]) -> Result<Vec<T>, Failure> {
        Ok(self.rows(sql, params).await?.iter().map(|row| read(sql, row)).collect::<Result<_, _>>()?)
    }

    pub(crate) async fn first<T: FromRow>(&self, sql: &'static Sql, params: &[V<'_>]) -> Result<Option<T>, Failure> {
        Ok(self.rows(sql, params).await?.first().map(|row| read(sql, row)).transpose()?)
    }

    pub(crate) async fn exec(&self, sql: &'static Sql, params: &[V<'_>]) -> Result<u64, Failure> {
        let statement = self.prepared(sql).await?;
        self.exec_prepared(sql, &statement, params).await
    }

    pub(crate) async fn exec_all(&self, sql: &'static Sql, rows: &[Vec<V<'_>>]) -> Result<u64, Failure> {
        let statement = self.prepared(sql).await?;
        let mut changed = 0;
        for rows in rows.chunks(PIPELINE) {
            let mut running: Vec<_> =
                rows.iter().map(|row| Box::pin(maybe_done(self.exec_prepared(sql, &statement, row)))).collect();
            // The first poll of each sends it, so that they are run in order.
            poll_fn(|context| {
                let pending =
                    running.iter_mut().filter_map(|one| one.as_mut().poll(context).is_pending().then_some(()));
                if pending.count() == 0 { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
            for mut one in running {
                changed += one.as_mut().take_output().unwrap_or(Ok(0))?;
            }
        }
        Ok(changed)
    }

    /// A text of several statements without parameters.
    pub(crate) async fn batch(&self, text: &str) -> Result<(), Failure> {
        self.client.batch_execute(text).await.map_err(|e| failure("batch", &e))
    }

    /// Version number and encoding of the server.
    pub(super) async fn server(&self) -> Result<(i64, String), Error> {
        let row = self
            .client
            .query_one("SELECT current_setting('server_version_num'), current_setting('server_encoding')", &[])
            .await
            .map_err(|e| failure("server", &e).error)?;
        let version: String = row.try_get(0).map_err(|e| failure("server", &e).error)?;
        let encoding = row.try_get(1).map_err(|e| failure("server", &e).error)?;
        Ok((version.parse().unwrap_or(0), encoding))
    }

    /// Prepares `sql` and looks whether its types are ones that a [`V`] can be and a [`Row`] can read.
    #[cfg(feature = "testing")]
    pub(super) async fn check(&self, sql: &'static Sql) -> Result<(), Error> {
        let statement = self.prepared(sql).await.map_err(|failure| failure.error)?;
        for (i, param) in statement.params().iter().enumerate() {
            if !super::param::takes(param) {
                let n = i + 1;
                return Err(Error::Internal(format!("{}: ${n} is a {param}; CAST it", sql.name())));
            }
        }
        for column in statement.columns() {
            if !super::param::reads(column.type_()) {
                let (name, of) = (column.name(), column.type_());
                return Err(Error::Internal(format!("{}: the column {name} is a {of}; CAST it", sql.name())));
            }
        }
        Ok(())
    }

    pub(super) async fn rows(&self, sql: &'static Sql, params: &[V<'_>]) -> Result<Vec<tokio_postgres::Row>, Failure> {
        let statement = self.prepared(sql).await?;
        counted(sql, &statement, params)?;
        let bound: Vec<Bound<'_>> = params.iter().map(Bound).collect();
        let bound: Vec<&(dyn ToSql + Sync)> = bound.iter().map(|one| one as _).collect();
        self.client.query(&statement, &bound).await.map_err(|e| self.failed(sql, &e))
    }

    async fn exec_prepared(&self, sql: &'static Sql, statement: &Statement, params: &[V<'_>]) -> Result<u64, Failure> {
        counted(sql, statement, params)?;
        let bound: Vec<Bound<'_>> = params.iter().map(Bound).collect();
        let bound: Vec<&(dyn ToSql + Sync)> = bound.iter().map(|one| one as _).collect();
        self.client.execute(statement, &bound).await.map_err(|e| self.failed(sql, &e))
    }

    async fn prepared(&self, sql: &'static Sql) -> Result<Statement, Failure> {
        let key = address(sql);
        if let Some(statement) = self.statements.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql.text(Engine::Postgres)).await.map_err(|e| self.failed(sql, &e))?;
        self.statements.lock().unwrap_or_else(PoisonError::into_inner).insert(key, statement.clone());
        Ok(statement)
    }

    /// The failure in our words; forgets a statement that the server will not run any more.
    fn failed(&self, sql: &'static Sql, error: &tokio_postgres::Error) -> Failure {
        let failure = failure(sql.name(), error);
        if failure.stale {
            self.statements.lock().unwrap_or_else(PoisonError::into_inner).remove(&address(sql));
        }
        failure
    }
}

fn address(sql: &'static Sql) -> usize {
    std::ptr::from_ref(sql).addr()
}

fn counted(sql: &'static Sql, statement: &Statement, params: &[V<'_>]) -> Result<(), Failure> {
    let (wants, has) = (statement.params().len(), params.len());
    if wants == has {
        return Ok(());
    }
    Err(Error::Internal(format!("{}: wants {wants} parameters, has {has}", sql.name())).into())
}

/// A row of the answer to `sql`.
pub(super) fn read<T: FromRow>(sql: &'static Sql, row: &tokio_postgres::Row) -> Result<T, Error> {
    T::from_row(&Row::new(sql.name(), Source::Postgres(row)))
}
