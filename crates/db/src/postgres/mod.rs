//! PostgreSQL: a few connections that serve reads together, others that are lent to one transaction at a time.

mod connect;
mod connection;
mod error;
mod param;
mod pool;
mod write;

use std::sync::Arc;

use crate::counts::Counters;
use crate::error::Error;
use crate::row::FromRow;
use crate::sql::Sql;
use crate::value::V;
use crate::work::Work;

pub(crate) use connection::Connection;
pub(crate) use param::cell;

/// The oldest server that the suite runs on is 15; 14 has all we use.
const VERSION_MIN: i64 = 140_000;

crate::sql! {
    global PING = "SELECT 1";
}

/// A server that answered once.
pub(crate) struct Postgres {
    pool: Arc<pool::Pool>,
    counters: Arc<Counters>,
}

impl Postgres {
    pub(crate) async fn open(url: &str, connections: usize, counters: Arc<Counters>) -> Result<Self, Error> {
        let pool = pool::Pool::new(connect::Connector::new(url)?, connections);
        let reading = pool.reader().await?;
        let (version, encoding) = reading.server().await?;
        if version < VERSION_MIN {
            return Err(Error::Unavailable(format!("PostgreSQL 14 or later is needed; this server is {version}")));
        }
        if encoding != "UTF8" {
            return Err(Error::Unavailable(format!(
                "the database's encoding is {encoding}: make it with CREATE DATABASE .. ENCODING 'UTF8' TEMPLATE template0"
            )));
        }
        drop(reading);
        Ok(Self { pool: Arc::new(pool), counters })
    }

    pub(crate) async fn all<T: FromRow>(&self, sql: &'static Sql, params: &[V<'_>]) -> Result<Vec<T>, Error> {
        self.rows(sql, params).await?.iter().map(|row| connection::read(sql, row)).collect()
    }

    pub(crate) async fn first<T: FromRow>(&self, sql: &'static Sql, params: &[V<'_>]) -> Result<Option<T>, Error> {
        self.rows(sql, params).await?.first().map(|row| connection::read(sql, row)).transpose()
    }

    /// Reads; a second time when the server was restarted or the schema changed under a prepared statement. A read
    /// changes nothing, so that a second one is harmless. Each broken connection costs an attempt.
    async fn rows(&self, sql: &'static Sql, params: &[V<'_>]) -> Result<Vec<tokio_postgres::Row>, Error> {
        let mut left = self.pool.readers() + 1;
        loop {
            let reading = self.pool.reader().await?;
            let failure = match reading.rows(sql, params).await {
                Ok(rows) => return Ok(rows),
                Err(failure) => failure,
            };
            left -= 1;
            if left == 0 || !failure.disconnected && !failure.collided {
                return Err(failure.error);
            }
            if failure.disconnected {
                reading.broken().await;
            }
            self.counters.retried();
        }
    }

    pub(crate) async fn write<W: Work>(self: Arc<Self>, work: W) -> Result<W::Out, W::Err> {
        // A task of its own: the one who asked may go away, the work goes on.
        let task = tokio::spawn(async move { write::write(&self.pool, &self.counters, &work).await });
        task.await.unwrap_or_else(|error| Err(ended(&error).into()))
    }

    pub(crate) async fn exec(self: Arc<Self>, sql: &'static Sql, params: Vec<V<'static>>) -> Result<u64, Error> {
        let task = tokio::spawn(async move { write::exec(&self.pool, &self.counters, sql, &params).await });
        task.await.unwrap_or_else(|error| Err(ended(&error)))
    }

    pub(crate) async fn ping(&self) -> Result<(), Error> {
        self.rows(&PING, &[]).await.map(|_| ())
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }

    /// Why `sql` cannot be prepared or its types not be used, if so.
    #[cfg(feature = "testing")]
    pub(crate) async fn prepare(&self, sql: &'static Sql) -> Result<(), Error> {
        self.pool.reader().await?.check(sql).await
    }
}

fn ended(error: &tokio::task::JoinError) -> Error {
    Error::Unavailable(format!("the work's task ended early: {error}"))
}
