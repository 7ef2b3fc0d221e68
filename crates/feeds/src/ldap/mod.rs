//! LDAP servers: read-only, page by page, over a connection that the guard on outgoing requests lets through. The client is
//! ours and small: see `docs/decisions/0080`.

mod ber;
mod connection;
mod filter;
mod frames;
#[cfg(any(test, fuzzing))]
pub mod hostile;
mod message;
mod read;
mod schema;

pub use read::{read, test};
