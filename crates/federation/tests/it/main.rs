//! Inbound federation in process: departure, callback, and the provider's documents, against a stand-in served on
//! loopback. Forged tokens are the business of `tests/interop`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod as_client;
mod callback;
mod created;
mod departure;
mod provider;
mod refusals;
mod saml;
mod sign_in;
mod upstream;
mod upstream_logout;
