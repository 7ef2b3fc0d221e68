//! What every door shares, driven through small routes of its own. Each test runs on both engines where a database is
//! involved; the modules mirror `src/`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod admin;
mod body;
mod context;
mod egress;
mod me;
mod page;
