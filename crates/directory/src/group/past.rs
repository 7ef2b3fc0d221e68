//! How somebody was at a moment in the past, with whom and what they belonged: the log turned back. What cannot be turned
//! back is told in words.

use std::collections::BTreeSet;

use muster_base::{Id, Micros};
use serde_json::{Map, Value};

use super::facts::Facts;
use super::ruleset::{self, RuleSet};
use super::{Exemption, ExemptionMode, Group, GroupKind, explain, store};
use crate::change::store::Entry;
use crate::device::{self, Device};
use crate::user::{self, User};
use crate::{Result, Source, change, identity_provider};

/// How far back in the log of one object is looked.
const LOOK_BACK: i64 = 2_000;
/// How many changes of devices are looked at that name a person.
const NAMING_MAX: i64 = 2_000;
/// The longest chain of managers that is followed, as when rules are asked.
const MANAGERS_MAX: usize = 100;

/// A moment that is gone, and what cannot be told of it.
pub(super) struct Past {
    org: Id,
    at: Micros,
    /// In words.
    pub untold: Vec<String>,
}

impl Past {
    pub(super) fn new(org: Id, at: Micros) -> Self {
        Self { org, at, untold: Vec::new() }
    }

    /// Lays over somebody, and over those they belong with, what they were: as far as a rule reads it.
    pub(super) async fn turn_back(
        &mut self,
        s: &mut impl Source,
        facts: &mut Facts,
        (kind, member): (GroupKind, Id),
        reads: &BTreeSet<String>,
    ) -> Result<()> {
        let any = |prefix: &str| reads.iter().any(|name| name.starts_with(prefix));
        self.memberships(s, facts, member).await?;
        match kind {
            GroupKind::User => {
                self.person(s, facts, member).await?;
                if any("manager.") || any("managers.") {
                    self.managers(s, facts, member).await?;
                }
                if any("devices.") {
                    self.devices(s, facts, member).await?;
                }
                if any("identityProviders") {
                    self.providers(s, facts, member).await?;
                }
                if any("password") {
                    self.untold.push("the password's state is that of now: it is not kept in the log".to_owned());
                }
            }
            GroupKind::Device => {
                self.device(s, facts, member).await?;
                if let Some(owner) = facts.device(member).and_then(|device| device.owner).filter(|_| any("owner.")) {
                    facts.add_users(s, self.org, &[owner]).await?;
                    self.memberships(s, facts, owner).await?;
                    self.person(s, facts, owner).await?;
                }
            }
        }
        Ok(())
    }

    /// What was done to one object since, the last first.
    async fn since(&mut self, s: &mut impl Source, subject: Id) -> Result<Vec<Entry>> {
        let entries = change::store::of_subject(s, self.org, subject, i64::MAX, LOOK_BACK).await?;
        let is_whole = i64::try_from(entries.len()).is_ok_and(|n| n < LOOK_BACK);
        if !is_whole && entries.last().is_some_and(|entry| entry.at > self.at) {
            self.untold
                .push(format!("{subject} was changed more than {LOOK_BACK} times since: only those are turned back"));
        }
        Ok(entries.into_iter().take_while(|entry| entry.at > self.at).collect())
    }

    async fn memberships(&self, s: &mut impl Source, facts: &mut Facts, of: Id) -> Result<()> {
        facts.set_memberships(of, explain::past_memberships(s, self.org, of, self.at).await?);
        Ok(())
    }

    /// One person's own fields.
    async fn person(&mut self, s: &mut impl Source, facts: &mut Facts, id: Id) -> Result<()> {
        let Some(mut past) = facts.user(id).cloned() else {
            self.untold.push(format!("the person {id} was removed since"));
            return Ok(());
        };
        for entry in self.since(s, id).await? {
            undo_person(&mut past, &entry);
        }
        facts.put_user(past);
        Ok(())
    }

    /// The managers of then, each as they were.
    async fn managers(&mut self, s: &mut impl Source, facts: &mut Facts, member: Id) -> Result<()> {
        let mut seen = BTreeSet::from([member]);
        let mut at = member;
        while let Some(manager) = facts.manager(at).filter(|_| seen.len() <= MANAGERS_MAX) {
            if !seen.insert(manager) {
                break;
            }
            facts.add_users(s, self.org, &[manager]).await?;
            self.person(s, facts, manager).await?;
            at = manager;
        }
        Ok(())
    }

    /// One device's own fields, and its owner.
    async fn device(&mut self, s: &mut impl Source, facts: &mut Facts, id: Id) -> Result<()> {
        let Some(mut past) = facts.device(id).cloned() else { return Ok(()) };
        for entry in self.since(s, id).await?.into_iter().filter(|entry| entry.kind == "system_update") {
            if !undo_device(&mut past, &entry) {
                self.untold.push(format!("a change of the device {} cannot be turned back", past.display()));
            }
        }
        facts.put_device(past);
        Ok(())
    }

    /// The devices that a person had then, each as it was, with the groups that it was in.
    async fn devices(&mut self, s: &mut impl Source, facts: &mut Facts, person: Id) -> Result<()> {
        let org = self.org;
        let mut owned: BTreeSet<Id> =
            device::store::owned_by(s, org, &[person].into()).await?.iter().map(|d| d.id).collect();
        let mut bound: BTreeSet<Id> =
            device::store::devices_of(s, org, person).await?.iter().map(|e| e.device).collect();
        let named = change::store::of_devices_naming(s, org, person, self.at, NAMING_MAX).await?;
        if i64::try_from(named.len()).is_ok_and(|n| n == NAMING_MAX) {
            self.untold.push(format!(
                "more than {NAMING_MAX} changes of devices name this person since: only those are turned back"
            ));
        }
        for entry in &named {
            undo_having(&mut owned, &mut bound, person, entry);
        }
        let all: Vec<Id> = owned.union(&bound).copied().collect();
        facts.add_devices(s, org, &all).await?;
        for id in &all {
            self.memberships(s, facts, *id).await?;
            if facts.device(*id).is_some() {
                self.device(s, facts, *id).await?;
            } else {
                let entries = self.since(s, *id).await?;
                let name = entries.iter().find_map(|entry| entry.fields.get("displayName")?.as_str());
                let name = name.map_or_else(|| id.text(), str::to_owned);
                self.untold.push(format!("the device {name} was removed since: what it told of itself is not kept"));
            }
        }
        facts.set_devices_of(person, all);
        Ok(())
    }

    /// The identity providers that a person was linked to.
    async fn providers(&mut self, s: &mut impl Source, facts: &mut Facts, person: Id) -> Result<()> {
        let mut linked = facts.providers_of(person);
        for entry in self.since(s, person).await?.into_iter().filter(|entry| entry.kind == "idp_link") {
            let Some(id) = entry.fields.get("identityProvider").and_then(Value::as_str) else { continue };
            if entry.fields.get("removed").is_some() {
                let all = identity_provider::store::all(s, self.org).await?;
                match all.into_iter().find(|provider| provider.id.text() == id) {
                    Some(provider) => linked.extend([provider.name, id.to_owned()]),
                    None => self.untold.push("an identity provider was removed since: its name is not kept".to_owned()),
                }
            } else if let Some(at) = linked.iter().position(|one| one == id) {
                // The name stands before the id.
                linked.drain(at.saturating_sub(1)..=at);
            }
        }
        facts.set_providers_of(person, linked);
        Ok(())
    }

    /// A group as it was: method, rules and the groups that it held.
    pub(super) async fn group(&mut self, s: &mut impl Source, group: &Group) -> Result<(Group, Vec<Id>)> {
        let mut out = group.clone();
        let mut nested = store::nested(s, group.org).await?.remove(&group.id).unwrap_or_default();
        for entry in self.since(s, group.id).await? {
            let from = |name: &str| entry.fields.get(name).and_then(|f| f.get("from")).cloned();
            if let Some(method) = from("membershipMethod").and_then(|m| serde_json::from_value(m).ok()) {
                out.method = method;
            }
            for (name, query) in [("memberQuery", &mut out.member_query), ("excludeQuery", &mut out.exclude_query)] {
                if let Some(written) = from(name) {
                    *query = muster_rules::MemberQuery::read(&written, true).ok();
                }
            }
            if let Some(held) = from("memberGroups").and_then(|held| serde_json::from_value(held).ok()) {
                nested = held;
            }
        }
        Ok((out, nested))
    }

    /// Whether all groups that a rule speaks of and that are not there were there then.
    pub(super) async fn were_there(&mut self, s: &mut impl Source, set: &RuleSet, group: &Group) -> Result<bool> {
        let queries = group.queries().flat_map(|query| ruleset::references(query.rule()));
        let missing: BTreeSet<Id> =
            queries.filter_map(|(_, id)| id.parse().ok()).filter(|id| set.get(*id).is_none()).collect();
        for id in missing {
            let entries = self.since(s, id).await?;
            let Some(removal) = entries.iter().find(|entry| entry.kind == "group_delete") else { return Ok(false) };
            let name = removal.fields.get("name").and_then(Value::as_str).unwrap_or_default();
            self.untold.push(format!("the group \"{name}\", of which the rule speaks, was removed since"));
        }
        Ok(true)
    }

    /// What exempted somebody from a group's rule then.
    pub(super) async fn exemption(&self, s: &mut impl Source, group: Id, member: Id) -> Result<Option<Exemption>> {
        let entries = change::store::of_subject(s, self.org, group, i64::MAX, LOOK_BACK).await?;
        for entry in entries.into_iter().filter(|entry| entry.at <= self.at) {
            let Some(told) = entry.fields.get("memberQueryExemptions") else { continue };
            let concerns = |id: &Value| id.as_str() == Some(member.text().as_str());
            let members = told.get("members").and_then(Value::as_array);
            // A group is made with a list of all.
            let list = told.as_array().or_else(|| told.get("to")?.as_array()).or_else(|| told.get("set")?.as_array());
            let own = list.into_iter().flatten().find(|one| one.get("id").is_some_and(concerns));
            if own.is_some() || members.is_some_and(|members| members.iter().any(concerns)) {
                return Ok(own.map(|own| read_exemption(own, member, &entry)));
            }
        }
        let now = store::exemptions(s, self.org, group).await?;
        Ok(now.into_iter().find(|of| of.member == member && of.set_at <= self.at))
    }
}

fn read_exemption(own: &Value, member: Id, entry: &Entry) -> Exemption {
    let text = |name: &str| own.get(name).and_then(Value::as_str);
    Exemption {
        member,
        mode: text("mode").and_then(ExemptionMode::from_word).unwrap_or_default(),
        reason: text("reason").unwrap_or_default().to_owned(),
        set_by: entry.actor_id,
        set_at: entry.at,
        until: text("until").and_then(Micros::parse_rfc3339),
    }
}

/// Takes one change of a person back.
fn undo_person(past: &mut User, entry: &Entry) {
    let fields = entry.fields.as_object().cloned().unwrap_or_default();
    let from = |name: &str| fields.get(name).and_then(|f| f.get("from")).and_then(Value::as_str).map(str::to_owned);
    if let Some(email) = from("email") {
        past.email = email;
    }
    if let Some(username) = from("username") {
        past.username = username;
    }
    if let Some(state) = from("state").and_then(|word| user::State::from_word(&word)) {
        past.state = state;
    }
    let before: Map<String, Value> =
        fields.iter().filter_map(|(name, f)| Some((name.clone(), f.get("from")?.clone()))).collect();
    if let Ok(profile) = past.profile.overlay(&before) {
        past.profile = profile;
    }
}

/// Takes one change of a device back: `{path: {from, to}}` of its leaves. Tells whether it could.
fn undo_device(past: &mut Device, entry: &Entry) -> bool {
    let Ok(Value::Object(mut facts)) = serde_json::to_value(&past.facts) else { return false };
    for (path, change) in entry.fields.as_object().into_iter().flatten() {
        let from = change.get("from").cloned().unwrap_or_default();
        if path == "primarySystemUser" {
            past.owner = from.as_str().and_then(|id| id.parse().ok());
        } else if let Some(name) = path.strip_prefix(muster_rules::CUSTOM_PREFIX) {
            past.facts.attributes.retain(|attribute| attribute.name != name);
            if let Some(value) = from.as_str() {
                let attribute = user::profile::CustomAttribute { name: name.to_owned(), value: value.to_owned() };
                past.facts.attributes.push(attribute);
            }
        } else {
            set_leaf(&mut facts, path, from);
        }
    }
    facts.remove("attributes");
    let attributes = std::mem::take(&mut past.facts.attributes);
    match serde_json::from_value::<device::facts::Facts>(Value::Object(facts)) {
        Ok(facts) => {
            past.facts = device::facts::Facts { attributes, ..facts };
            true
        }
        Err(_) => {
            past.facts.attributes = attributes;
            false
        }
    }
}

/// Sets a leaf by its path (`fde.active`); `null` takes it away.
fn set_leaf(members: &mut Map<String, Value>, path: &str, value: Value) {
    let mut at = members;
    let mut parts = path.split('.').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            match value {
                Value::Null => drop(at.remove(part)),
                value => drop(at.insert(part.to_owned(), value)),
            }
            return;
        }
        let next = at.entry(part.to_owned()).or_insert_with(|| Value::Object(Map::new()));
        let Value::Object(next) = next else { return };
        at = next;
    }
}

/// Takes back what one change of a device says of who has it.
fn undo_having(owned: &mut BTreeSet<Id>, bound: &mut BTreeSet<Id>, person: Id, entry: &Entry) {
    let device = entry.subject_id;
    let is_person = |value: Option<&Value>| value.and_then(Value::as_str) == Some(person.text().as_str());
    let fields = &entry.fields;
    match entry.kind.as_str() {
        "association_change" if is_person(fields.get("id")) => match fields.get("op").and_then(Value::as_str) {
            Some("add") => drop(bound.remove(&device)),
            Some("remove") => drop(bound.insert(device)),
            _ => {}
        },
        "system_update" => {
            let side = |side: &str| is_person(fields.get("primarySystemUser").and_then(|change| change.get(side)));
            if side("to") {
                owned.remove(&device);
            }
            if side("from") {
                owned.insert(device);
            }
        }
        "system_create" => {
            owned.remove(&device);
            bound.remove(&device);
        }
        "system_delete" => {
            if is_person(fields.get("primarySystemUser")) {
                owned.insert(device);
            }
            let users = fields.get("users").and_then(Value::as_array).into_iter().flatten();
            if users.into_iter().any(|user| is_person(Some(user))) {
                bound.insert(device);
            }
        }
        _ => {}
    }
}
