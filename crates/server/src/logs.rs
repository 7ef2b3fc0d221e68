//! Structured logs on standard error. Secrets never reach them: types that hold one print as `[secret]`, and requests are
//! logged by path, without their query.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// Starts logging; `json` for a program, else for a person. The level by `MUSTER_LOG` (default `info`).
pub fn init(json: bool) {
    let filter = EnvFilter::try_from_env("MUSTER_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal());
    let started = if json { builder.json().try_init() } else { builder.compact().try_init() };
    if started.is_err() {
        // A second server in one test process logs through the first one's subscriber.
        tracing::debug!("logging was started before");
    }
}
