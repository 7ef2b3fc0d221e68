//! SQLite: one thread that writes, several connections that read. Nothing here waits for the network.

mod checkpoint;
mod error;
mod open;
mod statement;
mod writer;

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use rusqlite::Connection;

use crate::counts::Counters;
use crate::error::Error;
use crate::row::FromRow;
use crate::sql::Sql;
use crate::value::V;
use crate::work::Work;

pub(crate) use statement::{all, batch, cell, exec, first};

/// An open file.
pub(crate) struct Sqlite {
    writer: writer::Writer,
    readers: Vec<Mutex<Connection>>,
    next: AtomicUsize,
    closed: AtomicBool,
}

impl Sqlite {
    pub(crate) fn open(path: &Path, readers: usize, counters: Arc<Counters>) -> Result<Self, Error> {
        let mut connection = open::writer(path)?;
        let checkpointer = checkpoint::start(path, &mut connection)?;
        let writer = writer::Writer::start(connection, checkpointer, counters)?;
        let readers = (0..readers.max(1)).map(|_| open::reader(path).map(Mutex::new)).collect::<Result<_, _>>()?;
        Ok(Self { writer, readers, next: AtomicUsize::new(0), closed: AtomicBool::new(false) })
    }

    pub(crate) fn all<T: FromRow>(&self, sql: &'static Sql, params: &[V<'_>]) -> Result<Vec<T>, Error> {
        statement::all(&*self.reader()?, sql, params)
    }

    pub(crate) fn first<T: FromRow>(&self, sql: &'static Sql, params: &[V<'_>]) -> Result<Option<T>, Error> {
        statement::first(&*self.reader()?, sql, params)
    }

    pub(crate) async fn write<W: Work>(&self, work: W) -> Result<W::Out, W::Err> {
        self.writer.write(work).await
    }

    pub(crate) fn ping(&self) -> Result<(), Error> {
        self.writer.alive()?;
        statement::batch(&*self.reader()?, "SELECT 1")
    }

    pub(crate) async fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.writer.close().await;
    }

    /// Why `sql` cannot be prepared, if it cannot.
    #[cfg(feature = "testing")]
    pub(crate) fn prepare(&self, sql: &'static Sql) -> Result<(), Error> {
        statement::prepare(&*self.reader()?, sql)
    }

    /// The first free reader, or the next in turn when all are in use: reads take microseconds. The first, since each has a
    /// map of the file of its own: what few of them have read need not be found by many.
    fn reader(&self) -> Result<MutexGuard<'_, Connection>, Error> {
        if self.closed.load(Ordering::Acquire) {
            return Err(Error::Unavailable("the database was closed".to_owned()));
        }
        for reader in &self.readers {
            match reader.try_lock() {
                Ok(guard) => return Ok(guard),
                // A panic in a caller's `from_row` leaves no transaction behind: the connection is as good as before.
                Err(TryLockError::Poisoned(poisoned)) => return Ok(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        Ok(self.readers[next % self.readers.len()].lock().unwrap_or_else(PoisonError::into_inner))
    }
}
