//! `muster import jumpcloud`.

use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use muster_admin::migration::{Order, begin, run as carry_on};
use muster_base::Secret;
use muster_directory::migration::{self, Choices, Count, Job, State, Wanted};
use muster_directory::{Actor, Directory};
use muster_http::Egress;
use muster_server::config::Settings;
use serde_json::{Value, json};

/// Takes in another directory.
#[derive(Args)]
pub struct Import {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Takes in an organization of JumpCloud, or of another Muster. Run again, it brings what has changed there.
    Jumpcloud(Box<Jumpcloud>),
}

#[derive(Args)]
struct Jumpcloud {
    /// What the addresses of the API begin with; JumpCloud's where it is left out.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// The API key there; one who may only read is enough.
    #[arg(long, env = "MUSTER_JUMPCLOUD_API_KEY", hide_env_values = true, value_name = "KEY")]
    api_key: String,
    /// The organization there, where the key reaches several.
    #[arg(long, value_name = "ID")]
    organization_id: Option<String>,
    /// The organization here, by its name in addresses; not needed where there is one.
    #[arg(long, value_name = "SLUG")]
    org: Option<String>,
    /// Tells what it would do, and does not do it.
    #[arg(long)]
    plan: bool,
    /// Overwrites what was changed here by hand.
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    settings: Settings,
    /// For a program.
    #[arg(long)]
    json: bool,
}

pub async fn run(command: Import, file: Option<&Path>) -> ExitCode {
    let Action::Jumpcloud(command) = command.action;
    match take(*command, file).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => super::fail(&error),
    }
}

/// Whether everything that can come came.
async fn take(command: Jumpcloud, file: Option<&Path>) -> Result<bool, String> {
    let settings = super::settings(command.settings.clone(), file).map_err(|e| e.to_string())?;
    let allow = settings.egress_allow.clone();
    let directory = super::directory(command.settings, file).await?;
    let org = super::organization(&directory, command.org.as_deref()).await?;
    let egress = egress(&directory, &allow)?;
    let order = Order {
        org: org.id,
        actor: Actor::command_line(),
        base_url: command.base_url,
        key: Secret::new(command.api_key),
        organization: command.organization_id,
        choices: Choices { overwrite: command.overwrite, at_once: !command.plan },
    };
    let words = |e: muster_directory::Error| e.to_string();
    let begun = begin(&directory, order).await.map_err(words)?;
    let mut job = carry_on(&directory, &egress, (org.id, begun.id)).await.map_err(words)?;
    // A server beside it may have taken it up.
    while job.state.is_going_on() {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        job = carry_on(&directory, &egress, (org.id, begun.id)).await.map_err(words)?;
    }
    let counts = migration::counts(&mut directory.read(), org.id, job.id).await.map_err(words)?;
    tell(&directory, &job, &counts, command.json).await?;
    directory.db().close().await;
    let refused = counts.iter().any(|c| c.outcome == "refused");
    Ok(job.failure.is_none() && !refused)
}

fn egress(directory: &Directory, allow: &[String]) -> Result<Egress, String> {
    let url = url::Url::parse(directory.public_url()).or_else(|_| url::Url::parse("https://localhost"));
    let nets = allow.iter().map(|net| net.parse().map_err(|_| format!("egress_allow: \"{net}\" is no network")));
    let nets = nets.collect::<Result<Vec<_>, _>>()?;
    Egress::new(nets, &url.map_err(|e| e.to_string())?).map_err(|e| e.to_string())
}

async fn tell(directory: &Directory, job: &Job, counts: &[Count], for_program: bool) -> Result<(), String> {
    let counted: Vec<Value> =
        counts.iter().map(|c| json!({"kind": c.kind, "outcome": c.outcome, "count": c.count})).collect();
    if for_program {
        let told = json!({"id": job.id, "state": job.state, "organization": job.source, "failure": job.failure,
            "counts": counted, "groups": job.groups});
        println!("{told}");
        return Ok(());
    }
    for outcome in ["refused", "kept", "not_brought", "gone", "removed"] {
        let wanted = Wanted { kind: "", outcome, after: 0 };
        let rows = migration::page(&mut directory.read(), (job.org, job.id), wanted, 200).await;
        for row in rows.map_err(|e| e.to_string())? {
            let told = row.told.as_ref();
            let mut more: Vec<String> = told.map(|t| t.kept.clone()).unwrap_or_default();
            more.extend(told.map(|t| t.reason.clone()).filter(|r| !r.is_empty()));
            println!("{outcome:<12} {:<13} {}  {}", row.kind.word(), row.name, more.join("; "));
        }
    }
    for group in &job.groups {
        println!("group {}: {} would join, {} would leave", group.name, group.joins, group.leaves);
    }
    let mut kinds: Vec<&str> = counts.iter().map(|c| c.kind.word()).collect();
    kinds.dedup();
    for kind in kinds {
        let of = counts.iter().filter(|c| c.kind.word() == kind);
        let of: Vec<String> = of.map(|c| format!("{} {}", c.count, c.outcome.replace('_', " "))).collect();
        println!("{kind}: {}", of.join(", "));
    }
    match (&job.failure, job.state) {
        (Some(failure), _) => eprintln!("muster: {failure}"),
        (None, State::Planned) => println!("nothing was kept: this is the plan"),
        (None, _) => println!("{} requests to {}", job.requests, job.base_url),
    }
    Ok(())
}
