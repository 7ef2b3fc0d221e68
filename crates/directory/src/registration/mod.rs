//! Clients that register themselves (RFC 7591, RFC 7592): the tokens that let them, and what each may do with its own
//! registration. Whether they may at all is the organization's setting `clientRegistration`.

pub mod client;
pub mod create;
pub mod delete;
pub mod store;

pub use store::InitialToken;
