//! Which memberships a change may alter, read from the change log's entries: groups by place in the order, each with those
//! who have to be looked at again. Only reads.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use muster_base::Id;
use serde_json::Value;

use super::ruleset::{Link, Ready, RuleSet};
use super::{GroupKind, relation};
use crate::change::{Change, Kind};
use crate::{Result, Source};

/// Whom to look at again in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Whom {
    /// These, and those of the step where it is one of its groups.
    Some { in_step: bool, more: BTreeSet<Id> },
    /// Everybody: the rule is another.
    All,
}

/// Groups by place, each with whom to look at again.
#[derive(Debug, Default)]
pub(crate) struct Affected {
    groups: BTreeMap<usize, Whom>,
    /// Whom many groups look at together, in order: said once, and not for each.
    step: Arc<Vec<Id>>,
}

impl Affected {
    /// These, in order, in each of these groups.
    pub(crate) fn in_step(places: impl IntoIterator<Item = usize>, ids: Vec<Id>) -> Self {
        let whom = Whom::Some { in_step: true, more: BTreeSet::new() };
        Self { groups: places.into_iter().map(|place| (place, whom.clone())).collect(), step: Arc::new(ids) }
    }

    /// Whom the groups of the step look at together.
    pub(crate) fn step(&self) -> Arc<Vec<Id>> {
        Arc::clone(&self.step)
    }

    pub(crate) fn add(&mut self, place: usize, ids: impl IntoIterator<Item = Id>) {
        let none = || Whom::Some { in_step: false, more: BTreeSet::new() };
        if let Whom::Some { more, .. } = self.groups.entry(place).or_insert_with(none) {
            more.extend(ids);
        }
    }

    pub(crate) fn add_all(&mut self, place: usize) {
        self.groups.insert(place, Whom::All);
    }

    /// Whether no group has to be looked at.
    pub(crate) fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// The places of the groups.
    pub(crate) fn places(&self) -> impl Iterator<Item = usize> + '_ {
        self.groups.keys().copied()
    }

    /// Takes the first group out.
    pub(crate) fn pop(&mut self) -> Option<(usize, Whom)> {
        self.groups.pop_first()
    }

    /// Everybody of a group, for what follows through a link.
    pub(crate) async fn follow(
        &mut self,
        s: &mut impl Source,
        org: Id,
        dependents: &[(usize, Link)],
        members: &[Id],
    ) -> Result<()> {
        for (place, link) in dependents {
            match link {
                Link::Same => self.add(*place, members.iter().copied()),
                Link::OwnedDevices => self.add(*place, relation::owned(s, org, members).await?),
                Link::PeopleOfDevices => self.add(*place, relation::people(s, org, members).await?),
            }
        }
        Ok(())
    }
}

/// What follows from changes.
pub(crate) async fn by_changes(s: &mut impl Source, org: Id, set: &RuleSet, changes: &[Change]) -> Result<Affected> {
    let mut out = Affected::default();
    for change in changes {
        let id = change.subject.id;
        match change.kind {
            Kind::UserCreate => created(s, org, set, GroupKind::User, id, &mut out).await?,
            Kind::SystemCreate => created(s, org, set, GroupKind::Device, id, &mut out).await?,
            Kind::UserUpdate | Kind::UserActivated | Kind::UserSuspended => {
                let mut names = user_attributes(&change.fields);
                if change.kind != Kind::UserUpdate {
                    names.insert("state".to_owned());
                }
                user_changed(s, org, set, id, &names, &mut out).await?;
            }
            Kind::UserPasswordSet | Kind::UserPasswordExpired => {
                let names = PASSWORD.map(str::to_owned).into();
                user_changed(s, org, set, id, &names, &mut out).await?;
            }
            Kind::IdpLink => linked(set, id, &change.fields, &mut out),
            Kind::IdpUpdate | Kind::IdpDelete => {
                set.reading(GroupKind::User, "identityProviders").for_each(|place| out.add_all(place));
            }
            Kind::SystemUpdate => device_changed(s, org, set, id, &change.fields, &mut out).await?,
            Kind::AssociationChange => association(s, org, set, change, &mut out).await?,
            Kind::OrganizationUpdate if reads_password_policy(&change.fields) => {
                let places = PASSWORD.iter().flat_map(|name| set.reading(GroupKind::User, name));
                places.for_each(|place| out.add_all(place));
            }
            Kind::SystemDelete => device_removed(set, &change.fields, &mut out),
            Kind::GroupCreate | Kind::GroupUpdate => group_changed(s, org, set, change, &mut out).await?,
            // Groups that held their members while an attribute was not declared.
            Kind::AttributeDeclare => {
                let groups = change.fields.get("groups").and_then(Value::as_array).into_iter().flatten();
                let places = groups.filter_map(|id| set.place(id.as_str()?.parse().ok()?));
                places.for_each(|place| out.add_all(place));
            }
            // Groups that speak of a removed one hold their members; those that held it no longer do.
            Kind::GroupDelete => {
                let held_by = change.fields.get("heldBy").and_then(Value::as_array);
                let held_by = held_by.into_iter().flatten().filter_map(|id| id.as_str()?.parse().ok());
                held_by.filter_map(|id| set.place(id)).for_each(|place| out.add_all(place));
            }
            _ => {}
        }
    }
    Ok(out)
}

/// What is worked out from the password.
const PASSWORD: [&str; 4] = ["passwordStatus", "passwordAuthority", "passwordSet", "passwordExpires"];

fn reads_password_policy(fields: &Value) -> bool {
    fields.pointer("/settings/passwordPolicy").is_some()
}

async fn created(
    s: &mut impl Source,
    org: Id,
    set: &RuleSet,
    kind: GroupKind,
    id: Id,
    out: &mut Affected,
) -> Result<()> {
    set.derived(kind).for_each(|place| out.add(place, [id]));
    if kind == GroupKind::Device {
        people_of_device(s, org, set, &[id], "devices.", out).await?;
    }
    Ok(())
}

/// The attributes, as rules name them, that an update of a person changed.
fn user_attributes(fields: &Value) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for (name, change) in fields.as_object().into_iter().flatten() {
        match name.as_str() {
            "attributes" => out.extend(custom_attributes(change)),
            "restrictedFields" | "password_never_expires" => out.extend(PASSWORD.map(str::to_owned)),
            "mfa" => drop(out.insert("mfa.configured".to_owned())),
            "firstname" | "lastname" | "displayname" | "username" => {
                out.extend([name.clone(), "fullname".to_owned()]);
            }
            name => drop(out.insert(name.to_owned())),
        }
    }
    out
}

fn custom_attributes(change: &Value) -> BTreeSet<String> {
    let read = |side: &str| -> BTreeMap<String, String> {
        let list = change.get(side).and_then(Value::as_array);
        let text = |entry: &Value, name: &str| entry.get(name).and_then(Value::as_str).map(str::to_owned);
        list.into_iter().flatten().filter_map(|e| Some((text(e, "name")?, text(e, "value")?))).collect()
    };
    let (from, to) = (read("from"), read("to"));
    let names: BTreeSet<&String> = from.keys().chain(to.keys()).collect();
    let differing = names.into_iter().filter(|name| from.get(*name) != to.get(*name));
    differing.map(|name| format!("{}{name}", muster_rules::CUSTOM_PREFIX)).collect()
}

async fn user_changed(
    s: &mut impl Source,
    org: Id,
    set: &RuleSet,
    id: Id,
    names: &BTreeSet<String>,
    out: &mut Affected,
) -> Result<()> {
    for name in names {
        set.reading(GroupKind::User, name).for_each(|place| out.add(place, [id]));
        let by_manager: Vec<usize> = set.reading(GroupKind::User, &format!("manager.{name}")).collect();
        if !by_manager.is_empty() {
            let reports = relation::reports(s, org, &[id]).await?;
            by_manager.iter().for_each(|place| out.add(*place, reports.iter().copied()));
        }
        let by_managers: Vec<usize> = set.reading(GroupKind::User, &format!("managers.{name}")).collect();
        if !by_managers.is_empty() {
            let reports = relation::all_reports(s, org, &[id]).await?;
            by_managers.iter().for_each(|place| out.add(*place, reports.iter().copied()));
        }
        let by_owner: Vec<usize> = set.reading(GroupKind::Device, &format!("owner.{name}")).collect();
        if !by_owner.is_empty() {
            let devices = relation::owned(s, org, &[id]).await?;
            by_owner.iter().for_each(|place| out.add(*place, devices.iter().copied()));
        }
    }
    if names.contains("manager") {
        set.reading_any(GroupKind::User, "manager.").into_iter().for_each(|place| out.add(place, [id]));
        let above = set.reading_any(GroupKind::User, "managers.");
        if !above.is_empty() {
            let mut below = relation::all_reports(s, org, &[id]).await?;
            below.push(id);
            above.into_iter().for_each(|place| out.add(place, below.iter().copied()));
        }
    }
    Ok(())
}

fn linked(set: &RuleSet, subject: Id, fields: &Value, out: &mut Affected) {
    let user = fields.get("user").and_then(Value::as_str).and_then(|id| id.parse().ok()).unwrap_or(subject);
    set.reading(GroupKind::User, "identityProviders").for_each(|place| out.add(place, [user]));
}

async fn device_changed(
    s: &mut impl Source,
    org: Id,
    set: &RuleSet,
    id: Id,
    fields: &Value,
    out: &mut Affected,
) -> Result<()> {
    for (name, change) in fields.as_object().into_iter().flatten() {
        set.reading(GroupKind::Device, name).for_each(|place| out.add(place, [id]));
        if name == "primarySystemUser" {
            set.reading_any(GroupKind::Device, "owner.").into_iter().for_each(|place| out.add(place, [id]));
            let side = |side: &str| change.get(side).and_then(Value::as_str)?.parse::<Id>().ok();
            let people: Vec<Id> = ["from", "to"].into_iter().filter_map(side).collect();
            let by_device = set.reading_any(GroupKind::User, "devices.");
            by_device.into_iter().for_each(|place| out.add(place, people.iter().copied()));
        }
        people_of_device(s, org, set, &[id], &format!("devices.{name}"), out).await?;
    }
    Ok(())
}

/// The people who had a device that was removed.
fn device_removed(set: &RuleSet, fields: &Value, out: &mut Affected) {
    let owner = fields.get("primarySystemUser").into_iter();
    let users = fields.get("users").and_then(Value::as_array).into_iter().flatten();
    let people: Vec<Id> = owner.chain(users).filter_map(|id| id.as_str()?.parse().ok()).collect();
    let by_device = set.reading_any(GroupKind::User, "devices.");
    by_device.into_iter().for_each(|place| out.add(place, people.iter().copied()));
}

/// The people of these devices, in the groups whose rules read an attribute that begins so.
async fn people_of_device(
    s: &mut impl Source,
    org: Id,
    set: &RuleSet,
    devices: &[Id],
    prefix: &str,
    out: &mut Affected,
) -> Result<()> {
    let places = set.reading_any(GroupKind::User, prefix);
    if !places.is_empty() {
        let people = relation::people(s, org, devices).await?;
        places.into_iter().for_each(|place| out.add(place, people.iter().copied()));
    }
    Ok(())
}

/// Somebody was put into a group or taken out by hand, or onto a device.
async fn association(s: &mut impl Source, org: Id, set: &RuleSet, change: &Change, out: &mut Affected) -> Result<()> {
    let id = |name: &str| change.fields.get(name).and_then(Value::as_str)?.parse::<Id>().ok();
    match change.subject.kind {
        "user_group" | "system_group" => {
            let member = id("user").or_else(|| id("system"));
            if let (Some(member), Some(place)) = (member, set.place(change.subject.id)) {
                // The group itself too: a nested group may hold whom a hand took out.
                out.add(place, [member]);
                let dependents = set.at(place).map(|ready| ready.dependents().to_vec()).unwrap_or_default();
                out.follow(s, org, &dependents, &[member]).await?;
            }
        }
        "system" => {
            if let Some(user) = id("id") {
                let by_device = set.reading_any(GroupKind::User, "devices.");
                by_device.into_iter().for_each(|place| out.add(place, [user]));
            }
        }
        _ => {}
    }
    Ok(())
}

/// The settings of a group by which its members come.
const DECIDING: [&str; 4] = ["membershipMethod", "memberQuery", "excludeQuery", "memberGroups"];

async fn group_changed(s: &mut impl Source, org: Id, set: &RuleSet, change: &Change, out: &mut Affected) -> Result<()> {
    let Some(place) = set.place(change.subject.id) else { return Ok(()) };
    // Whoever is in a new group by hand is noted where they are put there; without a rule or a nested group nobody else is.
    if change.kind == Kind::GroupCreate && !set.at(place).is_some_and(Ready::is_derived) {
        return Ok(());
    }
    if change.kind == Kind::GroupCreate || DECIDING.iter().any(|name| change.fields.get(name).is_some()) {
        out.add_all(place);
        return Ok(());
    }
    // Exemptions that changed, and suggestions that were accepted, name whom they are about.
    for name in ["memberQueryExemptions", "memberSuggestions"] {
        let members = change.fields.get(name).and_then(|f| f.get("members")).and_then(Value::as_array);
        let ids: Vec<Id> = members.into_iter().flatten().filter_map(|id| id.as_str()?.parse().ok()).collect();
        if ids.is_empty() {
            continue;
        }
        out.add(place, ids.iter().copied());
        // Who was accepted is a member by now: what follows from that is not found by deciding again.
        let dependents = set.at(place).map(|ready| ready.dependents().to_vec()).unwrap_or_default();
        out.follow(s, org, &dependents, &ids).await?;
    }
    Ok(())
}
