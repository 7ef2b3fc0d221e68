//! PostgreSQL.
use std::sync::Arc;

use crate::counts::Counters;
use crate::error::{Error, Failure};
use crate::row::{Cell, FromRow};
use crate::sql::Sql;
use crate::value::V;
use crate::work::Work;

pub(crate) struct Postgres;
pub(crate) struct Connection;

fn not_yet() -> Error {
    Error::Unavailable("PostgreSQL is not built in yet".to_owned())
}

impl Postgres {
    pub(crate) async fn open(_: &str, _: usize, _: Arc<Counters>) -> Result<Self, Error> {
        Err(not_yet())
    }
    pub(crate) async fn all<T: FromRow>(&self, _: &'static Sql, _: &[V<'_>]) -> Result<Vec<T>, Error> {
        Err(not_yet())
    }
    pub(crate) async fn first<T: FromRow>(&self, _: &'static Sql, _: &[V<'_>]) -> Result<Option<T>, Error> {
        Err(not_yet())
    }
    pub(crate) async fn write<W: Work>(self: Arc<Self>, _: W) -> Result<W::Out, W::Err> {
        Err(not_yet().into())
    }
    pub(crate) async fn ping(&self) -> Result<(), Error> {
        Err(not_yet())
    }
    pub(crate) async fn close(&self) {}
}

impl Connection {
    pub(crate) async fn all<T: FromRow>(&self, _: &'static Sql, _: &[V<'_>]) -> Result<Vec<T>, Failure> {
        Err(not_yet().into())
    }
    pub(crate) async fn first<T: FromRow>(&self, _: &'static Sql, _: &[V<'_>]) -> Result<Option<T>, Failure> {
        Err(not_yet().into())
    }
    pub(crate) async fn exec(&self, _: &'static Sql, _: &[V<'_>]) -> Result<u64, Failure> {
        Err(not_yet().into())
    }
    pub(crate) async fn exec_all(&self, _: &'static Sql, _: &[Vec<V<'_>>]) -> Result<u64, Failure> {
        Err(not_yet().into())
    }
    pub(crate) async fn batch(&self, _: &str) -> Result<(), Failure> {
        Err(not_yet().into())
    }
}

pub(crate) fn cell<'r>(_: &'r tokio_postgres::Row, _: usize) -> Result<Cell<'r>, String> {
    Err("not yet".to_owned())
}
