//! `muster config check|print`.

use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use muster_server::config::Settings;

/// The configuration.
#[derive(Args)]
pub struct Config {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Names everything that is wrong.
    Check(Box<Settings>),
    /// Prints the settings in force, without secrets.
    Print(Box<Settings>),
}

pub fn run(command: &Config, file: Option<&Path>) -> ExitCode {
    let (Action::Check(settings) | Action::Print(settings)) = &command.action;
    let checked = super::settings((**settings).clone(), file).and_then(|s| s.check());
    match (checked, &command.action) {
        (Err(error), _) => super::fail(&error),
        (Ok(_), Action::Check(_)) => {
            println!("the configuration is fine");
            ExitCode::SUCCESS
        }
        (Ok(config), Action::Print(_)) => {
            println!("{config:#?}");
            ExitCode::SUCCESS
        }
    }
}
