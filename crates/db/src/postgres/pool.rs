//! Who gets which connection. Reads share: several are under way on one connection at a time. A transaction has its
//! connection to itself. Connections are made when they are first needed and again after they broke.

use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex as StdMutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};

use super::connect::{Connector, For};
use super::connection::Connection;
use crate::error::Error;

/// How long a work waits for a connection.
const WAIT: Duration = Duration::from_secs(10);

pub(super) struct Pool {
    connector: Connector,
    readers: Vec<Slot>,
    idle: StdMutex<Vec<Arc<Connection>>>,
    permits: Arc<Semaphore>,
    writers: usize,
    closed: AtomicBool,
}

/// A place for a connection that is shared by reads.
#[derive(Default)]
struct Slot {
    connection: Mutex<Option<Arc<Connection>>>,
    under_way: AtomicUsize,
}

impl Pool {
    pub(super) fn new(connector: Connector, connections: usize) -> Self {
        let writers = (connections / 2).max(1);
        let readers = connections.saturating_sub(writers).max(1);
        Self {
            connector,
            readers: (0..readers).map(|_| Slot::default()).collect(),
            idle: StdMutex::new(Vec::new()),
            permits: Arc::new(Semaphore::new(writers)),
            writers,
            closed: AtomicBool::new(false),
        }
    }

    /// How many connections reads share.
    pub(super) fn readers(&self) -> usize {
        self.readers.len()
    }

    /// How many transactions there can be at a time.
    pub(super) fn writers(&self) -> usize {
        self.writers
    }

    /// The connection with the fewest reads under way.
    pub(super) async fn reader(&self) -> Result<Reading<'_>, Error> {
        self.open()?;
        let slot = self.readers.iter().min_by_key(|slot| slot.under_way.load(Ordering::Relaxed));
        let slot = slot.ok_or_else(|| Error::Internal("the pool has no readers".to_owned()))?;
        let busy = Busy::on(&slot.under_way);
        let mut place = slot.connection.lock().await;
        let connection = match &*place {
            Some(connection) if !connection.is_closed() => Arc::clone(connection),
            _ => Arc::clone(place.insert(self.connect(For::Reads).await?)),
        };
        drop(place);
        Ok(Reading { connection, slot, _busy: busy })
    }

    /// A connection for one transaction.
    pub(super) async fn lend(self: &Arc<Self>) -> Result<Lent, Error> {
        self.open()?;
        let permit = tokio::time::timeout(WAIT, Arc::clone(&self.permits).acquire_owned())
            .await
            .map_err(|_| Error::Busy)?
            .map_err(|_| closed())?;
        let idle = {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.retain(|connection| !connection.is_closed());
            idle.pop()
        };
        let connection = match idle {
            Some(connection) => connection,
            None => self.connect(For::Works).await?,
        };
        Ok(Lent { connection, pool: Arc::clone(self), _permit: permit })
    }

    /// Refuses further calls, waits for the transactions under way, and closes all connections.
    pub(super) async fn close(&self) {
        self.closed.store(true, Ordering::Release);
        let all = u32::try_from(self.writers).unwrap_or(u32::MAX);
        if let Ok(Ok(permits)) = tokio::time::timeout(WAIT, self.permits.acquire_many(all)).await {
            permits.forget();
        }
        self.permits.close();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
        for slot in &self.readers {
            slot.connection.lock().await.take();
        }
    }

    async fn connect(&self, what: For) -> Result<Arc<Connection>, Error> {
        Ok(Arc::new(Connection::new(self.connector.connect(what).await?)))
    }

    fn open(&self) -> Result<(), Error> {
        if self.closed.load(Ordering::Acquire) { Err(closed()) } else { Ok(()) }
    }
}

fn closed() -> Error {
    Error::Unavailable("the database was closed".to_owned())
}

/// A shared connection while a read is under way.
pub(super) struct Reading<'p> {
    connection: Arc<Connection>,
    slot: &'p Slot,
    _busy: Busy<'p>,
}

impl Reading<'_> {
    /// Takes the connection out of the pool: it failed, which its own task may not have noticed yet.
    pub(super) async fn broken(self) {
        let mut place = self.slot.connection.lock().await;
        place.take_if(|connection| Arc::ptr_eq(connection, &self.connection));
    }
}

impl Deref for Reading<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

struct Busy<'p>(&'p AtomicUsize);

impl<'p> Busy<'p> {
    fn on(count: &'p AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A connection that belongs to one transaction. Dropped instead of given back it is closed, and the server rolls
/// back what was open on it.
pub(super) struct Lent {
    connection: Arc<Connection>,
    pool: Arc<Pool>,
    _permit: OwnedSemaphorePermit,
}

impl Lent {
    pub(super) fn connection(&self) -> &Arc<Connection> {
        &self.connection
    }

    /// Back into the pool; no transaction may be open on it.
    pub(super) fn give_back(self) {
        if !self.connection.is_closed() {
            self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&self.connection));
        }
    }
}
