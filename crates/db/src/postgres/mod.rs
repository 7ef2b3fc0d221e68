//! PostgreSQL: a few connections that serve reads together, others that are lent to one transaction at a time.

mod connect;
mod connection;
mod error;
mod param;
mod pool;
mod write;

use std::sync::Arc;

use crate::counts::Counters;
use crate::error::{Error, Failure};
use crate::row::FromRow;
use crate::sql::Sql;
use crate::value::V;
use crate::work::Work;

pub(crate) use connection::Connection;
pub(crate) use param::cell;

/// The oldest server that the suite runs on is 15; 14 has all we use.
const VERSION_MIN: i64 = 140_000;

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
        let first = match self.pool.reader().await?.all(sql, params).await {
            Ok(rows) => return Ok(rows),
            Err(failure) => failure,
        };
        self.again(&first)?;
        self.pool.reader().await?.all(sql, params).await.map_err(|failure| failure.error)
    }

    pub(crate) async fn first<T: FromRow>(&self, sql: &'static Sql, params: &[V<'_>]) -> Result<Option<T>, Error> {
        let first = match self.pool.reader().await?.first(sql, params).await {
            Ok(row) => return Ok(row),
            Err(failure) => failure,
        };
        self.again(&first)?;
        self.pool.reader().await?.first(sql, params).await.map_err(|failure| failure.error)
    }

    /// Whether a read that failed is worth one more try: the server was restarted, or the schema changed under a
    /// prepared statement. A read changes nothing, so that a second one is harmless.
    fn again(&self, failure: &Failure) -> Result<(), Error> {
        if !failure.disconnected && !failure.collided {
            return Err(failure.error.clone());
        }
        self.counters.retried();
        Ok(())
    }

    pub(crate) async fn write<W: Work>(self: Arc<Self>, work: W) -> Result<W::Out, W::Err> {
        // A task of its own: the one who asked may go away, the work goes on.
        match tokio::spawn(async move { write::write(&self.pool, &self.counters, &work).await }).await {
            Ok(result) => result,
            Err(error) => Err(Error::Unavailable(format!("the work's task ended early: {error}")).into()),
        }
    }

    pub(crate) async fn ping(&self) -> Result<(), Error> {
        let failure = match self.pool.reader().await?.batch("SELECT 1").await {
            Ok(()) => return Ok(()),
            Err(failure) => failure,
        };
        self.again(&failure)?;
        self.pool.reader().await?.batch("SELECT 1").await.map_err(|failure| failure.error)
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
