//! Opening connections and setting them up.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::error::error;
use crate::error::Error;

/// How long a connection waits for another process's lock.
const BUSY: Duration = Duration::from_secs(5);
/// How long until a switch to the write-ahead log that met another is tried again.
const RETRY: Duration = Duration::from_millis(5);
/// How many prepared statements a connection keeps.
const STATEMENTS: usize = 256;

/// The one connection that writes. The `-wal` file beside the database belongs to it: never copy one without the other.
pub(super) fn writer(path: &Path) -> Result<Connection, Error> {
    create(path).map_err(|e| Error::Unavailable(format!("cannot make {}: {e}", path.display())))?;
    let connection = connect(path)?;
    let mode = write_ahead(&connection)?;
    if mode != "wal" {
        return Err(Error::Unavailable(format!(
            "{}: the file system does not permit a write-ahead log (mode {mode}); use a local disk",
            path.display()
        )));
    }
    // FULL: the log is synced at every commit, so that what was answered survives a power cut.
    // Pages that a transaction changed are kept until it ends: a small cache would write them out before, and read again what
    // the next one needs.
    setup(
        &connection,
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA journal_size_limit = 67108864; \
         PRAGMA cache_size = -65536",
    )?;
    Ok(connection)
}

/// Switches to the write-ahead log; returns the mode that the database now has. SQLite does not wait for other
/// connections here as it does elsewhere: of two that switch a new file at once, one is told that it is busy.
#[expect(clippy::disallowed_methods, reason = "no condition to wait for: SQLite's own busy handler sleeps as well")]
fn write_ahead(connection: &Connection) -> Result<String, Error> {
    let until = Instant::now() + BUSY;
    loop {
        let switched = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0));
        match switched.map_err(|e| error("open", &e)) {
            Err(Error::Busy) if Instant::now() < until => std::thread::sleep(RETRY),
            result => return result,
        }
    }
}

/// A connection that reads and cannot write.
pub(super) fn reader(path: &Path) -> Result<Connection, Error> {
    let connection = connect(path)?;
    // The file is read where it lies. Not by those who write: what is mapped is given back with each change, and all processors
    // have to hear of it.
    setup(&connection, "PRAGMA query_only = ON; PRAGMA mmap_size = 2147418112")?;
    Ok(connection)
}

/// Makes the file readable by its owner only; `-wal` and `-shm` take its mode.
fn create(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(|_| ())
}

pub(super) fn connect(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)
        .map_err(|e| Error::Unavailable(format!("cannot open {}: {e}", path.display())))?;
    connection.busy_timeout(BUSY).map_err(|e| error("open", &e))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // One plan per statement, whatever is bound: else SQLite plans anew at nearly every use, an eighth of all our time.
    let planner = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true);
    planner.map_err(|e| error("open", &e))?;
    setup(&connection, "PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF")?;
    Ok(connection)
}

fn setup(connection: &Connection, pragmas: &str) -> Result<(), Error> {
    connection.execute_batch(pragmas).map_err(|e| error("open", &e))
}
