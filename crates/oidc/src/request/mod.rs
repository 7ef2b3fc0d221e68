//! The request for a code before it reaches the authorization endpoint's steps: pushed (RFC 9126), signed (RFC 9101), and
//! read by the rules of its client. Never here: people and pages.

pub mod object;
pub mod pushed;
mod read;
pub mod store;

pub use read::read;
