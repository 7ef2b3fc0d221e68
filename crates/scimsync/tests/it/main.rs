//! The sending of accounts, in process, on both engines, before a receiver that does what the test says: the wire crate's
//! own, behind HTTP. Foreign receivers are the business of `tests/interop`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../../../scim/tests/it/fake.rs"]
#[allow(dead_code, reason = "the wire crate's tests use the rest")]
mod fake;

mod authentication;
mod decisions;
mod faults;
mod gone;
mod groups;
mod guard;
mod import;
mod large;
mod many;
mod members;
mod moved;
mod pending;
mod people;
mod preview;
mod readings;
mod receiver;
mod world;
