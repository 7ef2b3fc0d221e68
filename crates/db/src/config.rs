//! Which database to open. Never here: reading files or the environment (the server does that).

use std::fmt;
use std::path::PathBuf;

/// Where the data is.
#[derive(Clone, PartialEq, Eq)]
pub enum Config {
    /// An embedded database in one file (with `-wal` and `-shm` beside it).
    Sqlite {
        /// The file; made when it does not exist, its folder is not.
        path: PathBuf,
        /// How many connections read at the same time (at least 1).
        readers: usize,
    },
    /// A PostgreSQL server.
    Postgres {
        /// `postgres://user:password@host:port/database?sslmode=require`. TLS is used, and the server's certificate
        /// checked against the system's roots, with `sslmode=require` only.
        url: String,
        /// How many connections to hold (at least 2: half serve reads, half transactions).
        connections: usize,
    },
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite { path, readers } => {
                f.debug_struct("Sqlite").field("path", path).field("readers", readers).finish()
            }
            // The URL may hold a password.
            Self::Postgres { connections, .. } => {
                f.debug_struct("Postgres").field("url", &"[secret]").field("connections", connections).finish()
            }
        }
    }
}

/// Which engine serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// The embedded database.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}
