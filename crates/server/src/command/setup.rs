//! `muster setup`: scriptable; may be called again for a further organization.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use muster_base::Secret;
use muster_directory::setup::{SetUp, set_up};
use muster_directory::{Actor, Error, administrator};
use muster_server::config::Settings;
use serde_json::json;

/// Makes an organization and its administrator. An administrator who exists already is given the organization.
#[derive(Args)]
pub struct Setup {
    #[command(flatten)]
    settings: Settings,
    /// The organization's name.
    #[arg(long)]
    org: String,
    /// Its name in addresses [default: made from the name].
    #[arg(long)]
    slug: Option<String>,
    /// The administrator's e-mail.
    #[arg(long)]
    admin_email: String,
    /// A file that holds the password of a new administrator ("-" for standard input).
    #[arg(long, value_name = "FILE")]
    admin_password_file: Option<PathBuf>,
    /// Makes a service provider of this name, all of whose organizations the new administrator reaches.
    #[arg(long)]
    provider: Option<String>,
    /// For a program.
    #[arg(long)]
    json: bool,
}

pub async fn run(command: Setup, file: Option<&Path>) -> ExitCode {
    match set(command, file).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => super::fail(&error),
    }
}

async fn set(command: Setup, file: Option<&Path>) -> Result<(), String> {
    let password = match &command.admin_password_file {
        Some(path) => Some(read_password(path)?),
        None => None,
    };
    let directory = super::directory(command.settings, file).await?;
    let input = SetUp {
        organization: command.org,
        slug: command.slug,
        email: command.admin_email,
        password,
        provider: command.provider,
    };
    let done = set_up(&directory, Actor::command_line(), input).await.map_err(|e| in_flags(&e))?;
    let organization = done.organization;
    let issuer = format!("{}/o/{}", directory.public_url(), organization.slug);
    let mut answer = json!({
        "org_id": organization.id,
        "org_slug": organization.slug,
        "issuer": issuer,
        "admin_id": done.administrator.id,
    });
    // A key that exists is not replaced: it is in use, and cannot be shown again.
    let key = match done.administrator.api_key {
        Some(_) => None,
        None => {
            let made = administrator::api_key::create(&directory, done.administrator.id).await;
            Some(made.map_err(|e| e.to_string())?.0)
        }
    };
    answer["api_key"] = json!(key.as_ref().map(Secret::expose));
    if command.json {
        println!("{answer}");
    } else {
        println!("Organization   {} ({})", organization.display_name, organization.id);
        println!("Issuer         {issuer}");
        println!("Console        {}/console/{}/", directory.public_url(), organization.slug);
        println!("Administrator  {}", done.administrator.email);
        match &key {
            Some(key) => println!("API key        {}   (shown this once)", key.expose()),
            None => println!("API key        the one they have"),
        }
    }
    directory.db().close().await;
    Ok(())
}

fn read_password(path: &Path) -> Result<Secret, String> {
    let text =
        if path == Path::new("-") { std::io::read_to_string(std::io::stdin()) } else { std::fs::read_to_string(path) };
    let text = text.map_err(|e| format!("--admin-password-file {}: {e}", path.display()))?;
    Ok(Secret::new(text.trim_end_matches(['\r', '\n'])))
}

/// The error with the flags' names.
fn in_flags(error: &Error) -> String {
    error
        .to_string()
        .replace("name: ", "--org: ")
        .replace("email: ", "--admin-email: ")
        .replace("password: ", "--admin-password-file: ")
        .replace("slug: ", "--slug: ")
}
