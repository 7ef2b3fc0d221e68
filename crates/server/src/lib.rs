//! The server: configuration, mounts, workers and the embedded console. The `muster` binary is a thin command line over
//! it; tests run it in process.
//!
//! Never here: what a route does.

pub mod app;
mod assets;
pub mod config;
mod dev;
mod health;
mod listen;
mod logs;
mod mailer;
pub mod master_key;
mod metrics;
pub mod open;
mod request;
mod workers;

pub use app::{Running, serve};
pub use config::Config;
pub use logs::init as init_logs;
