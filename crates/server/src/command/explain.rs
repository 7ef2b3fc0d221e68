//! `muster explain membership`.

use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use muster_base::{Email, Id, Micros};
use muster_directory::change::store::Entry;
use muster_directory::group::explain::{self, Interval, Question, Reason};
use muster_directory::group::{Group, GroupKind, rule, store};
use muster_directory::{Source, device, listing, user};
use muster_rules::{Explanation, Schema};
use muster_server::config::Settings;
use serde_json::{Value, json};

/// Why something is as it is.
#[derive(Args)]
pub struct Explain {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Why somebody is in a group, or is not: every clause of its rules with the value that it saw, and the changes that put
    /// them in and out.
    Membership(Box<Membership>),
}

#[derive(Args)]
struct Membership {
    /// The organization, by its name in addresses; not needed where there is one.
    #[arg(long, value_name = "SLUG")]
    org: Option<String>,
    /// The group of people or of devices, by name or id.
    #[arg(long, value_name = "NAME-OR-ID")]
    group: String,
    /// A person by user name, e-mail or id; a device by name, serial number or id.
    #[arg(long, value_name = "WHO")]
    member: String,
    /// As it was then: 2027-01-31T09:00:00Z, or a day [default: now].
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    #[command(flatten)]
    settings: Settings,
    /// For a program.
    #[arg(long)]
    json: bool,
}

pub async fn run(command: Explain, file: Option<&Path>) -> ExitCode {
    let What::Membership(command) = command.what;
    match membership(*command, file).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => super::fail(&error),
    }
}

async fn membership(command: Membership, file: Option<&Path>) -> Result<(), String> {
    let at = command.at.as_deref().map(moment).transpose()?;
    let directory = super::directory(command.settings, file).await?;
    let org = super::organization(&directory, command.org.as_deref()).await?.id;
    let mut s = directory.read();
    let group = group(&mut s, org, &command.group).await?;
    let member = match group.kind {
        GroupKind::User => person(&mut s, org, &command.member).await?,
        GroupKind::Device => device(&mut s, org, &command.member).await?,
    };
    let now = directory.env().clock.now();
    let asked = Question { kind: group.kind, group: group.id, member, at };
    let reason = explain::membership(&mut s, org, &asked, now).await.map_err(told)?;
    let schema = rule::schema(&mut s, org, group.kind).await.map_err(told)?;
    if command.json {
        println!("{}", for_program(&reason, &schema, member));
    } else {
        for_person(&reason, &schema, &command.member);
    }
    directory.db().close().await;
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn told(error: muster_directory::Error) -> String {
    error.to_string()
}

fn moment(text: &str) -> Result<Micros, String> {
    let day = || Micros::parse_rfc3339(&format!("{text}T00:00:00Z"));
    let found = Micros::parse_rfc3339(text).or_else(day);
    found.ok_or_else(|| "--at: write a time as 2027-01-31T09:00:00Z, or a day as 2027-01-31".to_owned())
}

/// The group of this name or id, of whichever kind.
async fn group(s: &mut impl Source, org: Id, named: &str) -> Result<Group, String> {
    let mut found = store::every(s, org).await.map_err(told)?;
    let id: Option<Id> = named.parse().ok();
    found.retain(|g| Some(g.id) == id || g.name.to_lowercase() == named.to_lowercase());
    if found.len() > 1 {
        let ids: Vec<String> = found.iter().map(|g| g.id.text()).collect();
        return Err(format!("there are {} groups \"{named}\": say which by id: {}", ids.len(), ids.join(", ")));
    }
    found.pop().ok_or_else(|| format!("there is no group \"{named}\" in this organization"))
}

async fn person(s: &mut impl Source, org: Id, named: &str) -> Result<Id, String> {
    let by_id = match named.parse() {
        Ok(id) => user::store::by_id(s, org, id).await.map_err(told)?,
        Err(_) => None,
    };
    let by_email = match named.parse::<Email>() {
        Ok(email) if by_id.is_none() => user::store::by_email(s, org, email.normal()).await.map_err(told)?,
        _ => None,
    };
    let found = match by_id.or(by_email) {
        Some(found) => Some(found),
        None => user::store::by_username(s, org, named).await.map_err(told)?,
    };
    let found = found.ok_or_else(|| format!("there is no person \"{named}\" in this organization"))?;
    Ok(found.id)
}

async fn device(s: &mut impl Source, org: Id, named: &str) -> Result<Id, String> {
    if let Ok(id) = named.parse()
        && let Some(found) = device::store::by_id(s, org, id).await.map_err(told)?
    {
        return Ok(found.id);
    }
    let mut found = device::store::by_serial(s, org, named).await.map_err(told)?;
    if found.is_empty() {
        found = listing::search::<device::Device>(s, org, named, "", i64::MAX).await.map_err(told)?.0;
        let is_named = |of: &device::Device, name: &str| {
            of.attribute(name).is_some_and(|value| value.to_lowercase() == named.to_lowercase())
        };
        found.retain(|of| is_named(of, "displayName") || is_named(of, "hostname"));
    }
    match found.as_slice() {
        [one] => Ok(one.id),
        [] => Err(format!("there is no device \"{named}\" in this organization")),
        more => Err(format!("there are {} devices \"{named}\": say which by id", more.len())),
    }
}

// --- for a person ---------------------------------------------------------------------------------------------------

fn for_person(reason: &Reason, schema: &Schema, member: &str) {
    println!("{member} and \"{}\": {}.", reason.group.name, reason.sentence);
    for flag in &reason.flags {
        println!("  The rule has a fault: {}", flag.word());
    }
    if let Some(suggestion) = reason.suggestion {
        println!("  An administrator is asked to {} them.", suggestion.word());
    }
    rule_lines("The rule", reason.include.as_ref(), schema);
    rule_lines("Who is kept out", reason.exclude.as_ref(), schema);
    for untold in &reason.untold {
        println!("  Cannot be told: {untold}");
    }
    if !reason.history.is_empty() {
        println!("History, the last first:");
    }
    for interval in &reason.history {
        let until = interval.until.map_or_else(|| "now".to_owned(), |at| at.rfc3339());
        println!("  {} to {until}, by {}", interval.since.rfc3339(), interval.via.word());
        for (what, cause) in [("began", &interval.began_by), ("ended", &interval.ended_by)] {
            if let Some(entry) = cause {
                println!("    {what} by {}", cause_line(entry));
            }
        }
    }
}

fn rule_lines(title: &str, explanation: Option<&Explanation>, schema: &Schema) {
    let Some(explanation) = explanation else { return };
    println!("{title}: {}", if explanation.matched { "matches" } else { "does not match" });
    for (matched, clause) in explanation.clauses() {
        let word = if matched { "true " } else { "false" };
        let saw = clause.saw.as_deref().map_or_else(|| "nothing".to_owned(), |saw| format!("\"{saw}\""));
        println!("  {word}  {}  (saw {saw})", schema.describe(&clause.test));
    }
}

fn cause_line(entry: &Entry) -> String {
    let who = entry.actor_id.map_or_else(String::new, |id| format!(" {id}"));
    let subject = format!("{} {}", entry.subject_kind, entry.subject_id);
    format!("change {}: {} of {subject}, by {}{who}", entry.seq, entry.kind, entry.actor_kind)
}

// --- for a program --------------------------------------------------------------------------------------------------

fn for_program(reason: &Reason, schema: &Schema, member: Id) -> Value {
    let rule = |explanation: &Option<Explanation>| {
        explanation.as_ref().map(|explanation| {
            let clause = |(matched, clause): (bool, &muster_rules::Clause)| {
                json!({"matched": matched, "text": schema.describe(&clause.test), "saw": clause.saw})
            };
            let clauses: Vec<Value> = explanation.clauses().into_iter().map(clause).collect();
            json!({"matched": explanation.matched, "clauses": clauses})
        })
    };
    json!({
        "member": reason.via.is_some(),
        "memberId": member,
        "via": reason.via.map(|via| via.word()),
        "sentence": reason.sentence,
        "groupId": reason.group.id,
        "groupName": reason.group.name,
        "membershipMethod": reason.group.method,
        "memberQuery": rule(&reason.include),
        "excludeQuery": rule(&reason.exclude),
        "exemption": reason.exemption.as_ref().map(|e| json!({"mode": e.mode, "reason": e.reason, "until": e.until.map(Micros::rfc3339)})),
        "memberGroups": reason.nested.iter().map(|(id, name)| json!({"id": id, "name": name})).collect::<Vec<_>>(),
        "suggestion": reason.suggestion.map(|s| s.word()),
        "memberQueryErrorFlags": reason.flags.iter().map(|f| f.word()).collect::<Vec<_>>(),
        "cannotBeTold": reason.untold,
        "history": reason.history.iter().map(interval).collect::<Vec<_>>(),
    })
}

fn interval(of: &Interval) -> Value {
    json!({
        "via": of.via.word(),
        "since": of.since.rfc3339(),
        "beganBy": of.began_by.as_ref().map(cause),
        "until": of.until.map(Micros::rfc3339),
        "endedBy": of.ended_by.as_ref().map(cause),
    })
}

fn cause(entry: &Entry) -> Value {
    json!({
        "seq": entry.seq, "at": entry.at.rfc3339(), "event": entry.kind, "subjectType": entry.subject_kind,
        "subjectId": entry.subject_id, "actorType": entry.actor_kind, "actorId": entry.actor_id, "fields": entry.fields,
    })
}
