//! `muster verify`.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use muster_directory::{derived_administrator, group, organization};
use muster_server::config::Settings;
use serde_json::json;

/// Recomputes every derived fact of every organization; succeeds when all are right.
#[derive(Args)]
pub struct Verify {
    #[command(flatten)]
    settings: Settings,
    /// For a program.
    #[arg(long)]
    json: bool,
}

pub async fn run(command: Verify, file: Option<&Path>) -> ExitCode {
    match verify(command, file).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => super::fail(&error),
    }
}

async fn verify(command: Verify, file: Option<&Path>) -> Result<bool, String> {
    let directory = super::directory(command.settings, file).await?;
    let organizations = organization::store::every(&mut directory.read()).await.map_err(|e| e.to_string())?;
    let (count, mut wrong) = (organizations.len(), Vec::new());
    for organization in organizations {
        let found = group::verify::verify(&mut directory.read(), organization.id, directory.env().clock.now())
            .await
            .map_err(|e| e.to_string())?;
        let roles = derived_administrator::verify::verify(&mut directory.read(), organization.id)
            .await
            .map_err(|e| e.to_string())?;
        let found = found.into_iter().chain(roles);
        wrong.extend(found.map(|problem| format!("{}: {problem}", organization.slug)));
    }
    if command.json {
        println!("{}", json!({"organizations": count, "wrong": wrong}));
    } else {
        for problem in &wrong {
            println!("{problem}");
        }
        println!("{count} organizations checked, {} derived facts wrong", wrong.len());
    }
    directory.db().close().await;
    Ok(wrong.is_empty())
}
