//! The change log: audit and outbox in one. Rows are written by [`crate::Directory::write`] alone.

pub mod model;
pub mod store;

pub use model::{Change, Kind, Subject};
