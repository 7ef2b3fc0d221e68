//! The database: the only crate that knows SQLite from PostgreSQL.
//!
//! Here: statements that run unchanged on both engines ([`sql!`]), values and rows, transactions ([`Work`]),
//! migrations and leases. Never here: a table of the directory, a business rule, JSON of the API, or a driver's type
//! in a public signature.
//!
//! * A **read** ([`Db::all`], [`Db::first`]) is one statement outside any transaction and cannot write.
//! * A **write** ([`Db::write`]) is a [`Work`]: values in, one transaction, values out. It may be run again from the
//!   start (PostgreSQL), so it has no effect outside its [`Tx`]; it never awaits anything but its [`Tx`] (SQLite polls
//!   it on the writer's thread). The answer comes after the commit is durable, and dropping the future of `write`
//!   does not undo what was begun.
//! * The first statement of a work that fails ends the work, on both engines: to go on after a conflict, say
//!   `ON CONFLICT` in the statement.

mod config;
mod counts;
mod db;
mod error;
mod lease;
mod migrate;
mod migration;
mod postgres;
mod row;
mod sql;
mod sqlite;
#[cfg(feature = "testing")]
pub mod testing;
mod value;
mod work;

pub use config::{Config, Engine};
pub use counts::Counts;
pub use db::Db;
pub use error::Error;
pub use migration::Migration;
pub use row::{Column, FromRow, Row};
pub use sql::{Sql, statements};
pub use value::V;
pub use work::{Tx, Work};

/// What the macros of this crate expand to; not for use by hand.
#[doc(hidden)]
pub mod macros {
    pub use crate::sql::Registered;
    pub use inventory;
}
