//! Access tokens: made here, and read back wherever they open something of ours. A client's tokens are signed (RFC 9068)
//! or opaque; either way they say the same claims, and whatever reads them does not see the difference.

pub mod issue;
mod open;
pub mod store;

pub use open::{Opened, Read, Subject, open, read, signed_by_us};
