//! `muster serve`.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use muster_base::Env;
use muster_server::config::Settings;

/// Runs the server until it is told to stop (Ctrl-C, SIGTERM).
#[derive(Args)]
pub struct Serve {
    #[command(flatten)]
    settings: Settings,
    /// Log lines as JSON.
    #[arg(long, env = "MUSTER_LOG_JSON")]
    log_json: bool,
}

pub async fn run(command: Serve, file: Option<&Path>) -> ExitCode {
    muster_server::init_logs(command.log_json);
    let config = match super::settings(command.settings, file).and_then(|s| s.check()) {
        Ok(config) => config,
        Err(error) => return super::fail(&error),
    };
    let running = match muster_server::serve(&config, Env::system(), super::master_key().as_deref()).await {
        Ok(running) => running,
        Err(error) => return super::fail(&error),
    };
    let base = running.directory.public_url().to_owned();
    if running.key_made {
        println!("A master key was made: {}", config.store.master_key_file.display());
        println!("Keep a copy of it apart from the database: without it, the database cannot be used.");
    }
    println!("Muster listens on {} and is reached by {base}", running.address);
    match &running.setup_url {
        Some(url) => println!("First run: open {url}"),
        None => println!("Console: {base}/console    Portal: {base}/portal"),
    }
    until_told().await;
    println!("Stopping.");
    running.stop().await;
    ExitCode::SUCCESS
}

/// Waits for Ctrl-C or SIGTERM.
pub async fn until_told() {
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
