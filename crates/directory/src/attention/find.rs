//! Finds what needs an administrator, kind by kind, the most pressing first.

use std::collections::{BTreeMap, BTreeSet};

use muster_base::{Id, Micros};

use super::store::{self, Directory as Known, Read};
use super::{Item, Kind, State};
use crate::feed::source::NEVER;
use crate::group::GroupKind;
use crate::group::ruleset::{Flag, RuleSet};
use crate::provision::{Doing, overview};
use crate::{Result, Source, application, identity_provider, saml_key};

/// A day, in seconds.
const DAY_S: i64 = 86_400;
/// After so many days without a word a directory that pushes counts as silent.
const QUIET_DAYS: i64 = 7;
/// For so many days it is told of a job that it stopped.
const JOB_DAYS: i64 = 7;
/// A bulk job at which nothing was done for so many seconds does not go on.
const STUCK_S: i64 = 900;

/// What of an organization needs an administrator, the most pressing first.
///
/// # Errors
/// The database's.
pub async fn find(s: &mut impl Source, org: Id, now: Micros) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    provisioning(s, org, &mut items).await?;
    metadata(s, org, &mut items).await?;
    certificates(s, org, now, &mut items).await?;
    jobs(s, org, now, &mut items).await?;
    name_applications(s, org, &mut items).await?;
    let directories = store::directories(s, org).await?;
    items.extend(directories.iter().filter(|of| of.active).flat_map(|of| directory(of, now)));
    identity_providers(s, org, now, &mut items).await?;
    groups(s, org, &mut items).await?;
    items.sort_by(|a, b| (a.state, a.kind, &a.name, a.id).cmp(&(b.state, b.kind, &b.name, b.id)));
    Ok(items)
}

async fn provisioning(s: &mut impl Source, org: Id, items: &mut Vec<Item>) -> Result<()> {
    for target in overview::all(s, org).await? {
        let about = |state, message: String| {
            Item::new((Kind::Provisioning, Some(target.app)), "", state, message).since(target.since)
        };
        match target.doing {
            Doing::Off | Doing::Paused => continue,
            Doing::Unreachable => {
                let why = target.error.clone().unwrap_or_else(|| "it does not answer, or answers with failures".into());
                items.push(about(State::Unreachable, format!("Nothing is sent: {why}")));
                continue;
            }
            Doing::Held | Doing::Running => {}
        }
        if target.held > 0 {
            let why = target.waits.as_deref().unwrap_or("look at them first");
            let message = format!("{} wait for your approval: {why}", target.held);
            items.push(about(State::Held, message).count(target.held));
        }
        if target.failing > 0 {
            let why = target.error.as_deref().unwrap_or("it was refused");
            let message = format!("{} could not be sent: {why}", target.failing);
            items.push(about(State::Failing, message).count(target.failing));
        }
    }
    Ok(())
}

async fn metadata(s: &mut impl Source, org: Id, items: &mut Vec<Item>) -> Result<()> {
    for (app, held_at, failed_at, why) in store::metadata(s, org).await? {
        let about = (Kind::SamlMetadata, Some(app));
        if held_at.is_some() {
            let message = "Its metadata says something else than it did: take it over, or reject it";
            items.push(Item::new(about, "", State::Held, message).since(held_at));
        }
        if failed_at.is_some() {
            let message = format!("Its metadata could not be read: {}", why.unwrap_or_default());
            items.push(Item::new(about, "", State::Failed, message).since(failed_at));
        }
    }
    Ok(())
}

async fn certificates(s: &mut impl Source, org: Id, now: Micros, items: &mut Vec<Item>) -> Result<()> {
    for of in saml_key::ending_soon(s, org, now).await? {
        let message = format!("{}: add the next one, and give it to the service provider", ends(of.ends, now));
        let name = if of.app.is_some() { "" } else { "Every SAML application" };
        items.push(Item::new((Kind::SamlCertificate, of.app), name, State::Ends, message).since(Some(of.ends)));
    }
    Ok(())
}

/// A provider is believed as long as one of its certificates holds.
async fn identity_providers(s: &mut impl Source, org: Id, now: Micros, items: &mut Vec<Item>) -> Result<()> {
    let days = saml_key::DAYS.into_iter().max().unwrap_or_default();
    for provider in identity_provider::store::all(s, org).await?.iter().filter(|provider| provider.enabled) {
        let Some(saml) = &provider.doc.saml else { continue };
        let last = saml.read_certificates().iter().map(|certificate| certificate.not_after_s()).max();
        let Some(last) = last.map(|seconds| Micros(0).plus_s(seconds)) else { continue };
        if now >= last.minus_s(days * DAY_S) {
            let message = format!("{}: take its next one over before", ends(last, now));
            let about = (Kind::IdentityProviderCertificate, Some(provider.id));
            items.push(Item::new(about, &*provider.name, State::Ends, message).since(Some(last)));
        }
    }
    Ok(())
}

fn ends(at: Micros, now: Micros) -> String {
    match (at.0 - now.0).div_euclid(DAY_S * 1_000_000) {
        days if days < 0 => "The certificate has ended".to_owned(),
        0 => "The certificate ends today".to_owned(),
        1 => "The certificate ends tomorrow".to_owned(),
        days => format!("The certificate ends in {days} days"),
    }
}

async fn jobs(s: &mut impl Source, org: Id, now: Micros, items: &mut Vec<Item>) -> Result<()> {
    let since = now.minus_s(JOB_DAYS * DAY_S);
    if let Some((id, state, at, why, name)) = store::migration(s, org).await? {
        let name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| "JumpCloud".into());
        let about = (Kind::Migration, Some(id));
        match state.as_str() {
            "planned" => {
                let message = "The plan of this migration waits for you";
                items.push(Item::new(about, name, State::Review, message).since(Some(at)));
            }
            "failed" if at >= since => {
                let message = format!("The migration could not go on: {}", why.unwrap_or_default());
                items.push(Item::new(about, name, State::Failed, message).since(Some(at)));
            }
            _ => {}
        }
    }
    for (app, at, why) in store::imports(s, org, since).await? {
        let message = format!("The import of its users stopped: {why}");
        items.push(Item::new((Kind::ApplicationImport, Some(app)), "", State::Failed, message).since(Some(at)));
    }
    for (id, open, at, failed, waiting, last) in store::bulk(s, org, since).await? {
        let name = "Many people at once";
        let about = |state, message: String| Item::new((Kind::BulkJob, Some(id)), name, state, message).since(Some(at));
        if open && waiting > 0 && last <= now.minus_s(STUCK_S) {
            let message = format!("A bulk job does not go on: {waiting} people of it still wait");
            items.push(about(State::Failed, message).count(waiting));
        } else if failed > 0 {
            let message = format!("{failed} people of a bulk job could not be done");
            items.push(about(State::Failing, message).count(failed));
        }
    }
    Ok(())
}

async fn name_applications(s: &mut impl Source, org: Id, items: &mut [Item]) -> Result<()> {
    let is_nameless = |item: &&mut Item| item.name.is_empty();
    let ids: BTreeSet<Id> = items.iter().filter(|item| item.name.is_empty()).filter_map(|item| item.id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let ids: Vec<Id> = ids.into_iter().collect();
    let found = application::store::by_ids(s, org, &ids).await?;
    let names: BTreeMap<Id, &str> = found.iter().map(|app| (app.id, app.label())).collect();
    for item in items.iter_mut().filter(is_nameless) {
        // One that was deleted a moment ago.
        let name = item.id.and_then(|id| names.get(&id)).copied().unwrap_or("Application");
        item.name = name.to_owned();
    }
    Ok(())
}

fn directory(of: &Known, now: Micros) -> Vec<Item> {
    let about = |state, message: &str| Item::new((Kind::DirectoryProvider, Some(of.id)), &*of.name, state, message);
    match &of.read {
        Some(read) => {
            let mut out = Vec::new();
            if let Some((at, why)) = &read.failed {
                out.push(about(State::Failed, &format!("It could not be read: {why}")).since(Some(*at)));
            }
            if read.held_at.is_some() {
                let message = "People or groups that it names no more wait for your approval before they go";
                out.push(about(State::Held, message).since(read.held_at));
            }
            if is_to_be_looked_at(read) {
                let message = "It is not read until somebody has looked at its plan: its settings were changed";
                out.push(about(State::Review, message));
            }
            out
        }
        None if of.is_read => Vec::new(),
        None => {
            let quiet = now.minus_s(QUIET_DAYS * DAY_S);
            match (of.last_request_at, of.could_since) {
                (Some(at), _) if at < quiet => {
                    let days = (now.0 - at.0) / (DAY_S * 1_000_000);
                    vec![about(State::Quiet, &format!("Nothing came from it for {days} days")).since(Some(at))]
                }
                (None, Some(at)) if at < quiet => {
                    let message = "It has never sent anything: enter its endpoint and token there";
                    vec![about(State::Quiet, message).since(Some(at))]
                }
                _ => Vec::new(),
            }
        }
    }
}

fn is_to_be_looked_at(read: &Read) -> bool {
    read.active && !read.paused && read.scheduled && read.next_at == NEVER
}

async fn groups(s: &mut impl Source, org: Id, items: &mut Vec<Item>) -> Result<()> {
    let kind_of = |kind| match kind {
        GroupKind::User => Kind::UserGroup,
        GroupKind::Device => Kind::SystemGroup,
    };
    for (id, kind, name, count, since) in store::suggestions(s, org).await? {
        let kind = GroupKind::from_word(&kind).map_or(Kind::UserGroup, kind_of);
        let message = format!("{count} memberships wait for your review");
        items.push(Item::new((kind, Some(id)), name, State::Review, message).since(Some(since)).count(count));
    }
    for ready in RuleSet::read(s, org).await?.iter().filter(|ready| !ready.flags.is_empty()) {
        for flag in &ready.flags {
            let why = match flag {
                Flag::InvalidGroupReference => "Its rule speaks of a group that is gone",
                Flag::InvalidAttribute => "Its rule speaks of an attribute that was removed",
                Flag::Cycle => "Its rule depends on itself, by way of other groups",
            };
            let message = format!("{why}: its members stay as they are until that is mended");
            let about = (kind_of(ready.group.kind), Some(ready.group.id));
            items.push(Item::new(about, &*ready.group.name, State::Flagged, message));
        }
    }
    Ok(())
}
