//! The tests of the database crate: every one runs on both engines, unless its name says which.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[macro_use]
mod engines;

mod close;
mod collisions;
mod durability;
mod group;
mod keys;
mod leases;
mod migrations;
mod open;
mod outage;
mod private_server;
mod statements;
mod tls;
mod tokens;
mod types;
mod works;
