//! The device authorization grant (RFC 8628): a device that has no browser shows a code, a person who is signed in types it
//! and allows or denies, the device asks meanwhile. `model` is pure, `store` holds the statements, a file per step.

pub mod begin;
pub mod model;
pub mod page;
pub mod poll;
pub mod store;

pub use model::Request;
