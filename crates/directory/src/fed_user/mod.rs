//! People whom a directory feeds: what it sent of them, and what of it is theirs alone to say. They are people like all
//! others; here is only the bond.

pub mod drop_user;
pub mod guard;
mod lay;
pub mod leave;
pub mod model;
pub(crate) mod others;
pub mod push;
pub mod store;

pub use model::{Fed, Feed};
