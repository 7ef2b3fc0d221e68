//! The SAML identity provider, in process, on both engines, before a service provider that is written with the same wire
//! crate's other half. Foreign service providers are the business of `tests/saml` and `tests/interop`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod everywhere;
mod injection;
mod kept;
mod logout;
mod metadata;
mod refresh;
mod refusal;
mod sign_in;
mod statements;
mod usage;
mod world;
