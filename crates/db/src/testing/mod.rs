//! For the tests of the crates above: a private PostgreSQL, and the check of every statement. Never in a release:
//! only the feature `testing` builds it.

mod postgres;
mod statements;

pub use postgres::Postgres;
pub use statements::check_statements;
