//! The command line: a folder's file per command. Output for a person, with `--json` for a program.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks through them")]

mod config;
mod demo;
mod device;
mod explain;
mod import;
mod openapi;
mod org;
mod serve;
mod setup;
mod user;
mod verify;

use std::fmt::Display;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use muster_base::Env;
use muster_directory::Directory;
use muster_directory::organization::{self, Organization};
use muster_server::config::{ConfigErrors, Settings};
use muster_server::open;

/// Muster: an open directory platform.
#[derive(Parser)]
#[command(name = "muster", version, about)]
pub struct Cli {
    /// A TOML file with the settings.
    #[arg(long, env = "MUSTER_CONFIG", global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the server.
    Serve(serve::Serve),
    /// Runs the server with two organizations that are already federated, and prints the accounts.
    Demo(demo::Demo),
    /// Makes an organization and its administrator, before or while a server runs.
    Setup(setup::Setup),
    /// Lists the organizations.
    Org(org::Org),
    /// Takes in people from a table.
    User(user::User),
    /// Takes in another directory through its API.
    Import(import::Import),
    /// Takes in devices from a file.
    Device(device::Device),
    /// Recomputes every derived fact and compares.
    Verify(verify::Verify),
    /// Says why something is as it is.
    Explain(explain::Explain),
    /// Checks or prints the configuration.
    Config(config::Config),
    /// Prints the API's OpenAPI document.
    Openapi,
}

/// Runs the command.
pub async fn run(cli: Cli) -> ExitCode {
    let file = cli.config.as_deref();
    match cli.command {
        Command::Serve(command) => serve::run(command, file).await,
        Command::Demo(command) => demo::run(command, file).await,
        Command::Setup(command) => setup::run(command, file).await,
        Command::Org(command) => org::run(command, file).await,
        Command::User(command) => user::run(command, file).await,
        Command::Import(command) => import::run(command, file).await,
        Command::Device(command) => device::run(command, file).await,
        Command::Verify(command) => verify::run(command, file).await,
        Command::Explain(command) => explain::run(command, file).await,
        Command::Config(command) => config::run(&command, file),
        Command::Openapi => openapi::run(),
    }
}

/// Says what went wrong.
pub fn fail(error: &dyn Display) -> ExitCode {
    eprintln!("muster: {}", error.to_string().trim_end());
    ExitCode::FAILURE
}

/// The settings of flags and environment over those of the file.
fn settings(settings: Settings, file: Option<&std::path::Path>) -> Result<Settings, ConfigErrors> {
    match file {
        Some(path) => settings.over_file(path),
        None => Ok(settings),
    }
}

/// The master key's value from the environment.
fn master_key() -> Option<String> {
    std::env::var("MUSTER_MASTER_KEY").ok().filter(|k| !k.is_empty())
}

/// Opens the directory for a command that does not serve.
async fn directory(given: Settings, file: Option<&std::path::Path>) -> Result<Directory, String> {
    let settings = settings(given, file).map_err(|e| e.to_string())?;
    let store = settings.store().map_err(|e| e.to_string())?;
    let opened = open::open(&store, Env::system(), settings.public_url.as_deref(), master_key().as_deref()).await;
    opened.map(|o| o.directory).map_err(|e| e.to_string())
}

/// The organization of this name in addresses; the only one where none is given.
async fn organization(directory: &Directory, slug: Option<&str>) -> Result<Organization, String> {
    let mut all = organization::store::every(&mut directory.read()).await.map_err(|e| e.to_string())?;
    match slug {
        Some(slug) => all
            .into_iter()
            .find(|o| o.slug == slug)
            .ok_or_else(|| format!("there is no organization \"{slug}\": see `muster org list`")),
        None if all.len() == 1 => Ok(all.remove(0)),
        None => Err(format!("there are {} organizations: say which with --org SLUG", all.len())),
    }
}
