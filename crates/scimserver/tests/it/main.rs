//! The SCIM server in process, on both engines. PyPI's scim2-tester is the business of `tests/scim`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod bad_input;
mod bulk;
mod cost;
mod cursors;
mod feeding;
mod groups;
mod lists;
mod methods;
mod ownership;
mod passwords;
mod quirks;
mod revising;
mod roles;
mod roles_otherwise;
mod seen;
mod world;
