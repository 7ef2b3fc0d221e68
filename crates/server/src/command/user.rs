//! `muster user import`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use muster_directory::Actor;
use muster_directory::user::column::{self, Line};
use muster_directory::user::import::{Done, Import, KnownBy, LINES_MAX, Outcome};
use muster_server::config::Settings;
use serde_json::{Value, json};

/// The people of an organization.
#[derive(Args)]
pub struct User {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Takes in people from a CSV file whose first line names the columns.
    Import(Box<ImportFile>),
}

#[derive(Clone, Copy, ValueEnum)]
enum Key {
    Email,
    Username,
}

#[derive(Args)]
struct ImportFile {
    /// The file.
    file: PathBuf,
    /// The organization, by its name in addresses; not needed where there is one.
    #[arg(long, value_name = "SLUG")]
    org: Option<String>,
    /// What a column means whose name does not say it (`Abteilung=department`), or that it is left out (`Note=`).
    #[arg(long, value_name = "COLUMN=ATTRIBUTE")]
    map: Vec<String>,
    /// By what a person is known, where a line has no `_id`.
    #[arg(long, value_enum, default_value = "email")]
    known_by: Key,
    /// Passes over people who are there.
    #[arg(long)]
    only_new: bool,
    /// Tells what it would do, and keeps nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    settings: Settings,
    /// For a program.
    #[arg(long)]
    json: bool,
}

pub async fn run(command: User, file: Option<&Path>) -> ExitCode {
    let Action::Import(import) = command.action;
    match take(*import, file).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => super::fail(&error),
    }
}

/// Whether every line was taken, and nothing left out of it.
async fn take(command: ImportFile, config: Option<&Path>) -> Result<bool, String> {
    let lines = read(&command)?;
    let known_by = match command.known_by {
        Key::Email => KnownBy::Email,
        Key::Username => KnownBy::Username,
    };
    let directory = super::directory(command.settings, config).await?;
    let org = super::organization(&directory, command.org.as_deref()).await?;
    let mut results: Vec<Value> = Vec::new();
    let mut groups: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for part in lines.chunks(LINES_MAX) {
        let verb = Import { lines: part.to_vec(), known_by, update: !command.only_new };
        let outcomes = if command.dry_run {
            let tried = directory.try_out(Actor::command_line(), org.id, verb).await.map_err(|e| e.to_string())?;
            for moved in tried.groups {
                let counts = groups.entry(moved.name).or_default();
                *counts = (counts.0 + moved.joins, counts.1 + moved.leaves);
            }
            tried.out
        } else {
            directory.write(Actor::command_line(), org.id, verb).await.map_err(|e| e.to_string())?
        };
        for (outcome, line) in outcomes.iter().zip(part) {
            results.push(told(results.len() + 1, outcome, line));
        }
        if lines.len() > LINES_MAX {
            eprintln!("{} of {} lines", results.len(), lines.len());
        }
    }
    directory.db().close().await;
    tell(&results, &groups, command.json, command.dry_run);
    Ok(!results.iter().any(is_wrong))
}

fn read(command: &ImportFile) -> Result<Vec<Line>, String> {
    let shown = command.file.display();
    let mut reader = csv::Reader::from_path(&command.file).map_err(|e| format!("{shown}: {e}"))?;
    let names = reader.headers().map_err(|e| format!("{shown}: {e}"))?;
    let twice = names.iter().enumerate().find(|(at, name)| names.iter().take(*at).any(|before| before == *name));
    if let Some((_, name)) = twice {
        return Err(format!("{shown}: the column \"{name}\" is there twice: which is meant cannot be told"));
    }
    let rows: Vec<Line> = reader.deserialize().collect::<Result<_, _>>().map_err(|e| format!("{shown}: {e}"))?;
    let one = |text: &String| {
        let (column, name) = text.split_once('=').ok_or_else(|| format!("--map {text}: write COLUMN=ATTRIBUTE"))?;
        Ok((column.to_owned(), (!name.is_empty()).then(|| name.to_owned())))
    };
    let mapping = command.map.iter().map(one).collect::<Result<BTreeMap<_, _>, String>>()?;
    column::lines(&rows, &mapping).map_err(|e| format!("{shown}: {e}"))
}

fn told(line: usize, outcome: &Outcome, row: &Line) -> Value {
    let (word, fields) = match &outcome.done {
        Done::Created => ("created", &outcome.left_out),
        Done::Updated(_) => ("updated", &outcome.left_out),
        Done::Unchanged => ("unchanged", &outcome.left_out),
        Done::PassedOver => ("passed over", &outcome.left_out),
        Done::Refused(fields) => ("refused", fields),
    };
    let changes = if let Done::Updated(changes) = &outcome.done { changes.clone() } else { serde_json::Map::new() };
    let email = outcome.user.as_ref().map(|u| &u.email).or_else(|| row.get("email"));
    json!({"row": line, "outcome": word, "email": email, "changes": changes, "fields": fields})
}

/// Whether a line was refused, or something left out of it.
fn is_wrong(row: &Value) -> bool {
    row["fields"].as_array().is_some_and(|fields| !fields.is_empty())
}

/// Whether a line was taken, but for something.
fn is_incomplete(row: &Value) -> bool {
    row["outcome"] != "refused" && is_wrong(row)
}

fn tell(results: &[Value], groups: &BTreeMap<String, (i64, i64)>, json: bool, dry_run: bool) {
    const WORDS: [&str; 5] = ["created", "updated", "unchanged", "passed over", "refused"];
    let count = |word: &str| results.iter().filter(|r| r["outcome"] == word).count();
    let incomplete = results.iter().filter(|row| is_incomplete(row)).count();
    if json {
        let mut counts: serde_json::Map<String, Value> =
            WORDS.iter().map(|word| ((*word).to_owned(), json!(count(word)))).collect();
        // They are among the created, updated and unchanged.
        counts.insert("incomplete".to_owned(), json!(incomplete));
        let groups: Vec<Value> = groups
            .iter()
            .map(|(name, (joins, leaves))| json!({"name": name, "joins": joins, "leaves": leaves}))
            .collect();
        println!("{}", json!({"dryRun": dry_run, "counts": counts, "groups": groups, "results": results}));
        return;
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    for row in results.iter().filter(|row| row["outcome"] != "unchanged" || is_wrong(row)) {
        let mut more: Vec<String> = row["changes"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, of)| format!("{name} = {}", of["to"]))
            .collect();
        let wrong = row["fields"].as_array().into_iter().flatten();
        let left_out = if is_incomplete(row) { " left out" } else { "" };
        more.extend(wrong.map(|f| format!("{}{left_out}: {}", text(&f["field"]), text(&f["message"]))));
        println!("{:>6}  {:<11}  {}  {}", row["row"], text(&row["outcome"]), text(&row["email"]), more.join("; "));
    }
    for (name, (joins, leaves)) in groups {
        println!("group {name}: {joins} would join, {leaves} would leave");
    }
    let counts: Vec<String> = WORDS.iter().map(|word| format!("{} {word}", count(word))).collect();
    let kept = if dry_run { " (nothing was kept)" } else { "" };
    println!("{} lines{kept}: {}; {incomplete} incomplete", results.len(), counts.join(", "));
}
