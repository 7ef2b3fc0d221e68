//! `muster device import`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use muster_directory::Actor;
use muster_directory::device::import::{Done, Import, Outcome};
use muster_directory::device::rows;
use muster_server::config::Settings;
use serde_json::{Value, json};

/// The devices of an organization.
#[derive(Args)]
pub struct Device {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Takes in devices from a file: a JSON array (also `JumpCloud`'s own list), or CSV with a line of attribute names first.
    Import(Box<ImportFile>),
}

#[derive(Args)]
struct ImportFile {
    /// The file. A device is known by its `_id`, else by its serial number; others are new.
    file: PathBuf,
    /// The organization, by its name in addresses; not needed where there is one.
    #[arg(long, value_name = "SLUG")]
    org: Option<String>,
    #[command(flatten)]
    settings: Settings,
    /// For a program.
    #[arg(long)]
    json: bool,
}

pub async fn run(command: Device, file: Option<&Path>) -> ExitCode {
    let Action::Import(import) = command.action;
    match take(*import, file).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => super::fail(&error),
    }
}

/// Whether every row was taken.
async fn take(command: ImportFile, config: Option<&Path>) -> Result<bool, String> {
    let bytes = std::fs::read(&command.file).map_err(|e| format!("{}: {e}", command.file.display()))?;
    let rows = rows::read(&bytes).map_err(|e| format!("{}: {e}", command.file.display()))?;
    let directory = super::directory(command.settings, config).await?;
    let org = super::organization(&directory, command.org.as_deref()).await?;
    let mut results = Vec::new();
    for part in rows.chunks(rows::ROWS_MAX) {
        let verb = Import { rows: part.to_vec() };
        let outcomes = directory.write(Actor::command_line(), org.id, verb).await.map_err(|e| e.to_string())?;
        for outcome in &outcomes {
            results.push(told(results.len() + 1, outcome));
        }
    }
    let count = |word: &str| results.iter().filter(|r| r["outcome"] == word).count();
    let refused = count("refused");
    if command.json {
        let (created, updated, unchanged) = (count("created"), count("updated"), count("unchanged"));
        let out = json!({"created": created, "updated": updated, "unchanged": unchanged, "refused": refused, "results": results});
        println!("{out}");
    } else {
        for row in &results {
            println!("{}", line(row));
        }
        println!(
            "{} rows: {} created, {} updated, {} unchanged, {refused} refused",
            results.len(),
            count("created"),
            count("updated"),
            count("unchanged")
        );
    }
    directory.db().close().await;
    Ok(refused == 0)
}

fn told(row: usize, outcome: &Outcome) -> Value {
    let (word, fields) = match &outcome.done {
        Done::Created => ("created", &[][..]),
        Done::Updated => ("updated", &[][..]),
        Done::Unchanged => ("unchanged", &[][..]),
        Done::Refused(fields) => ("refused", fields.as_slice()),
    };
    let device = outcome.device.as_ref();
    json!({
        "row": row,
        "outcome": word,
        "id": device.map(|d| d.id),
        "name": device.map(muster_directory::device::Device::display),
        "fields": fields,
        "warnings": outcome.warnings,
    })
}

fn line(row: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut out =
        format!("{:>6}  {:<9}  {}", row["row"].as_u64().unwrap_or_default(), text(&row["outcome"]), text(&row["name"]));
    for field in row["fields"].as_array().into_iter().flatten() {
        out.push_str(&format!("{}: {}; ", text(&field["field"]), text(&field["message"])));
    }
    for warning in row["warnings"].as_array().into_iter().flatten() {
        out.push_str(&format!("  ({})", text(warning)));
    }
    out.trim_end_matches("; ").to_owned()
}
