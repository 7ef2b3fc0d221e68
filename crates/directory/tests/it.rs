//! The tests of the directory. Each runs on both engines unless its name says which; the folders mirror `src/`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[macro_use]
mod harness;

mod administrator;
mod application;
mod attribute;
mod concurrency;
mod consent;
mod device;
mod durability;
mod event;
mod flow;
mod group;
mod identity_provider;
mod key;
mod mail;
mod nameless;
mod organization;
mod password;
mod plans;
mod routing;
mod session;
mod setup;
mod sources;
mod statements;
mod tenants;
mod tenants_import;
mod tenants_migration;
mod user;
mod write;
