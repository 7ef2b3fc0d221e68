//! `muster org list`.

use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use muster_directory::{listing, organization, user};
use muster_server::config::Settings;
use serde_json::json;

/// The organizations.
#[derive(Args)]
pub struct Org {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Lists them.
    List {
        #[command(flatten)]
        settings: Box<Settings>,
        /// For a program.
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(command: Org, file: Option<&Path>) -> ExitCode {
    let Action::List { settings, json } = command.action;
    match list(*settings, json, file).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => super::fail(&error),
    }
}

async fn list(settings: Settings, as_json: bool, file: Option<&Path>) -> Result<(), String> {
    let directory = super::directory(settings, file).await?;
    let organizations = organization::store::every(&mut directory.read()).await.map_err(|e| e.to_string())?;
    let mut rows = Vec::new();
    for organization in organizations {
        let people =
            listing::count::<user::User>(&mut directory.read(), organization.id).await.map_err(|e| e.to_string())?;
        rows.push(json!({"id": organization.id, "slug": organization.slug, "name": organization.display_name, "users": people}));
    }
    if as_json {
        println!("{}", json!(rows));
    } else {
        for row in &rows {
            let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            println!("{}  {:<24} {:>7} users  {}", text("id"), text("slug"), row["users"], text("name"));
        }
    }
    directory.db().close().await;
    Ok(())
}
