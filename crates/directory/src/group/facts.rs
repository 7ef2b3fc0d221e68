//! What rules see of people and devices: their own attributes, those of the people and devices they belong with, and the
//! groups they are in. Loaded for many at once.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use muster_base::{Id, Micros};
use muster_rules::{Moment, Subject};

use super::membership::{self, Membership};
use super::ruleset::RuleSet;
use super::{Exemption, GroupKind, exemption, relation};
use crate::device::{self, Device};
use crate::organization::{self, Organization};
use crate::user::{self, PasswordStatus, User};
use crate::{Result, Source};

/// The longest chain of managers that is followed.
const MANAGERS_MAX: usize = 100;

/// Which relations some rule reads, so that others need not be loaded.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Needs {
    managers: bool,
    devices: bool,
    owner: bool,
    providers: bool,
}

impl Needs {
    pub(crate) fn of(set: &RuleSet) -> Self {
        let reads = |kind, prefix| !set.reading_any(kind, prefix).is_empty();
        Self {
            managers: reads(GroupKind::User, "manager.") || reads(GroupKind::User, "managers."),
            devices: reads(GroupKind::User, "devices."),
            owner: reads(GroupKind::Device, "owner."),
            providers: reads(GroupKind::User, "identityProviders"),
        }
    }

    /// For what rules read of these attributes.
    pub(crate) fn of_attributes(kind: GroupKind, attributes: &[String]) -> Self {
        let reads = |of, prefix: &str| kind == of && attributes.iter().any(|name| name.starts_with(prefix));
        Self {
            managers: reads(GroupKind::User, "manager.") || reads(GroupKind::User, "managers."),
            devices: reads(GroupKind::User, "devices."),
            owner: reads(GroupKind::Device, "owner."),
            providers: reads(GroupKind::User, "identityProviders"),
        }
    }

    /// Whatever there is, for explanations and previews of rules that are not saved.
    pub(crate) const ALL: Self = Self { managers: true, devices: true, owner: true, providers: true };
}

/// What was loaded.
pub(crate) struct Facts {
    organization: Arc<Organization>,
    now: Micros,
    needs: Needs,
    /// The groups of which memberships are loaded; `None` for all.
    within: Option<Vec<Id>>,
    users: HashMap<Id, User>,
    devices: HashMap<Id, Device>,
    devices_of: HashMap<Id, Vec<Id>>,
    providers_of: HashMap<Id, Vec<String>>,
    memberships: HashMap<Id, HashMap<Id, Membership>>,
    exemptions: HashMap<Id, HashMap<Id, Exemption>>,
    loaded: BTreeSet<Id>,
}

impl Facts {
    pub(crate) async fn new(s: &mut impl Source, org: Id, needs: Needs, now: Micros) -> Result<Self> {
        Ok(Self::of(Arc::new(organization::store::get(s, org).await?), needs, now))
    }

    /// Nobody yet.
    pub(super) fn of(organization: Arc<Organization>, needs: Needs, now: Micros) -> Self {
        Self {
            organization,
            now,
            needs,
            within: None,
            users: HashMap::new(),
            devices: HashMap::new(),
            devices_of: HashMap::new(),
            providers_of: HashMap::new(),
            memberships: HashMap::new(),
            exemptions: HashMap::new(),
            loaded: BTreeSet::new(),
        }
    }

    /// The same, with memberships in these groups only.
    pub(crate) fn within(self, groups: Option<Vec<Id>>) -> Self {
        Self { within: groups, ..self }
    }

    /// Loads people or devices with what they belong with. Those who are loaded are passed over.
    pub(crate) async fn load(&mut self, s: &mut impl Source, org: Id, kind: GroupKind, ids: &[Id]) -> Result<()> {
        let ids: Vec<Id> = ids.iter().copied().filter(|id| !self.loaded.contains(id)).collect();
        if ids.is_empty() {
            return Ok(());
        }
        self.load_subjects(s, org, kind, &ids).await?;
        self.exemptions.extend(exemption::of_each(s, org, &ids).await?);
        self.loaded.extend(ids);
        Ok(())
    }

    /// The same without what exempts them, for whoever only asks rules of them.
    pub(super) async fn load_subjects(
        &mut self,
        s: &mut impl Source,
        org: Id,
        kind: GroupKind,
        ids: &[Id],
    ) -> Result<()> {
        match kind {
            GroupKind::User => self.load_users(s, org, ids).await,
            GroupKind::Device => self.load_devices(s, org, ids).await,
        }
    }

    async fn load_users(&mut self, s: &mut impl Source, org: Id, ids: &[Id]) -> Result<()> {
        self.add_users(s, org, ids).await?;
        self.load_memberships(s, org, ids).await?;
        if self.needs.managers {
            let mut next: Vec<Id> = ids.to_vec();
            for _ in 0..MANAGERS_MAX {
                let managers = next.iter().filter_map(|id| self.manager(*id)).collect::<BTreeSet<Id>>();
                next = managers.into_iter().filter(|id| !self.users.contains_key(id)).collect();
                if next.is_empty() {
                    break;
                }
                self.add_users(s, org, &next).await?;
            }
        }
        if self.needs.providers {
            self.providers_of.extend(relation::providers(s, org, ids).await?);
        }
        if self.needs.devices {
            let mut all = BTreeSet::new();
            for (user, device) in relation::devices(s, org, ids).await? {
                self.devices_of.entry(user).or_default().push(device);
                all.insert(device);
            }
            let all: Vec<Id> = all.into_iter().collect();
            self.add_devices(s, org, &all).await?;
            self.load_memberships(s, org, &all).await?;
        }
        Ok(())
    }

    async fn load_devices(&mut self, s: &mut impl Source, org: Id, ids: &[Id]) -> Result<()> {
        self.add_devices(s, org, ids).await?;
        self.load_memberships(s, org, ids).await?;
        if self.needs.owner {
            let owners: BTreeSet<Id> = ids.iter().filter_map(|id| self.devices.get(id)?.owner).collect();
            let owners: Vec<Id> = owners.into_iter().collect();
            self.add_users(s, org, &owners).await?;
            self.load_memberships(s, org, &owners).await?;
        }
        Ok(())
    }

    pub(super) async fn add_users(&mut self, s: &mut impl Source, org: Id, ids: &[Id]) -> Result<()> {
        let new: Vec<Id> = ids.iter().copied().filter(|id| !self.users.contains_key(id)).collect();
        if !new.is_empty() {
            self.users.extend(user::store::by_ids(s, org, &new).await?.into_iter().map(|user| (user.id, user)));
        }
        Ok(())
    }

    pub(super) async fn add_devices(&mut self, s: &mut impl Source, org: Id, ids: &[Id]) -> Result<()> {
        let new: Vec<Id> = ids.iter().copied().filter(|id| !self.devices.contains_key(id)).collect();
        if !new.is_empty() {
            self.devices
                .extend(device::store::by_ids(s, org, &new).await?.into_iter().map(|device| (device.id, device)));
        }
        Ok(())
    }

    async fn load_memberships(&mut self, s: &mut impl Source, org: Id, ids: &[Id]) -> Result<()> {
        let new: Vec<Id> = ids.iter().copied().filter(|id| !self.memberships.contains_key(id)).collect();
        if new.is_empty() || self.within.as_ref().is_some_and(Vec::is_empty) {
            return Ok(());
        }
        let mut found = membership::of_each(s, org, &new, self.within.as_deref()).await?;
        for id in new {
            self.memberships.insert(id, found.remove(&id).unwrap_or_default());
        }
        Ok(())
    }

    /// Lays a person over what is stored, for previews.
    pub(crate) fn put_user(&mut self, user: User) {
        self.users.insert(user.id, user);
    }

    pub(super) fn manager(&self, id: Id) -> Option<Id> {
        self.users.get(&id)?.profile.manager.as_deref()?.parse().ok()
    }

    /// Whether there is such a person or device.
    pub(crate) fn has(&self, kind: GroupKind, id: Id) -> bool {
        match kind {
            GroupKind::User => self.users.contains_key(&id),
            GroupKind::Device => self.devices.contains_key(&id),
        }
    }

    pub(crate) fn user(&self, id: Id) -> Option<&User> {
        self.users.get(&id)
    }

    pub(super) fn device(&self, id: Id) -> Option<&Device> {
        self.devices.get(&id)
    }

    /// Lays a device over what is stored, for the past.
    pub(super) fn put_device(&mut self, device: Device) {
        self.devices.insert(device.id, device);
    }

    /// Lays the devices of a person over what is stored, for the past.
    pub(super) fn set_devices_of(&mut self, person: Id, devices: Vec<Id>) {
        self.devices_of.insert(person, devices);
    }

    /// Names and ids of the identity providers that a person is linked to.
    pub(super) fn providers_of(&self, person: Id) -> Vec<String> {
        self.providers_of.get(&person).cloned().unwrap_or_default()
    }

    /// Lays those over what is stored, for the past.
    pub(super) fn set_providers_of(&mut self, person: Id, linked: Vec<String>) {
        self.providers_of.insert(person, linked);
    }

    /// Lays what exempts somebody over what is stored, for the past.
    pub(super) fn set_exemption(&mut self, member: Id, group: Id, to: Option<Exemption>) {
        let of = self.exemptions.entry(member).or_default();
        match to {
            Some(exemption) => drop(of.insert(group, exemption)),
            None => drop(of.remove(&group)),
        }
    }

    /// How somebody is in a group.
    pub(crate) fn membership(&self, member: Id, group: Id) -> Option<Membership> {
        self.memberships.get(&member)?.get(&group).copied()
    }

    /// Notes that somebody is in a group, or no longer.
    pub(crate) fn set_membership(&mut self, member: Id, group: Id, to: Option<Membership>) {
        let of = self.memberships.entry(member).or_default();
        match to {
            Some(membership) => drop(of.insert(group, membership)),
            None => drop(of.remove(&group)),
        }
    }

    /// Lays all memberships of somebody over what is stored.
    pub(crate) fn set_memberships(&mut self, member: Id, to: Vec<(Id, Membership)>) {
        self.memberships.insert(member, to.into_iter().collect());
    }

    /// Forgets everybody but these: of an organization of a hundred thousand only those are kept who matter.
    pub(crate) fn keep_only(&mut self, ids: &BTreeSet<Id>) {
        self.users.retain(|id, _| ids.contains(id));
        self.devices.retain(|id, _| ids.contains(id));
        self.memberships.retain(|id, _| ids.contains(id));
        self.exemptions.retain(|id, _| ids.contains(id));
        self.devices_of.retain(|id, _| ids.contains(id));
        self.providers_of.retain(|id, _| ids.contains(id));
        // Who is kept may have lost who they belong with: they are loaded again where they are asked for.
        self.loaded.clear();
    }

    /// What exempts somebody from a group's rule at present.
    pub(crate) fn exemption(&self, member: Id, group: Id) -> Option<&Exemption> {
        self.exemptions.get(&member)?.get(&group).filter(|exemption| exemption.holds(self.now))
    }

    /// The groups that somebody is in, or exempt from the rule of.
    pub(crate) fn special_groups(&self, member: Id) -> impl Iterator<Item = Id> + '_ {
        let within = self.memberships.get(&member).into_iter().flat_map(HashMap::keys);
        within.chain(self.exemptions.get(&member).into_iter().flat_map(HashMap::keys)).copied()
    }

    /// Lays exemptions of one group over what is stored, for previews.
    pub(crate) fn put_exemptions(&mut self, group: Id, exemptions: &[Exemption]) {
        for of in self.exemptions.values_mut() {
            of.remove(&group);
        }
        for exemption in exemptions {
            self.exemptions.entry(exemption.member).or_default().insert(group, exemption.clone());
        }
    }

    /// Somebody as rules see them.
    pub(crate) fn subject(&self, kind: GroupKind, id: Id) -> Seen<'_> {
        // Looked up once: every test of every rule reads from it.
        let user = self.users.get(&id).filter(|_| kind == GroupKind::User);
        let device = self.devices.get(&id).filter(|_| kind == GroupKind::Device);
        Seen { facts: self, kind, id, user, device }
    }

    /// When time alone changes one of the attributes that are worked out from times.
    pub(crate) fn next_turn(&self, kind: GroupKind, id: Id) -> Option<Micros> {
        let user = self.users.get(&id).filter(|_| kind == GroupKind::User)?;
        user.password_expires_at(&self.organization.settings).filter(|at| *at > self.now)
    }

    /// The present as rules want it.
    pub(crate) fn moment(&self) -> Moment {
        Moment(self.now.0)
    }

    fn of_user(&self, user: &User, attribute: &str) -> Option<String> {
        match attribute {
            "passwordStatus" => {
                Some(status_word(user.password_status(&self.organization.settings, false, self.now)).to_owned())
            }
            "passwordAuthority" => Some(user.authority().label().to_owned()),
            "passwordSet" => user.password_at.map(Micros::rfc3339),
            "passwordExpires" => user.password_expires_at(&self.organization.settings).map(Micros::rfc3339),
            "mfa.configured" => Some(user.profile.mfa.as_ref().and_then(|m| m.configured).unwrap_or(false).to_string()),
            _ => None,
        }
    }
}

/// The status without the lock of too many failures, which is no change of the directory.
pub(crate) const fn status_word(status: PasswordStatus) -> &'static str {
    match status {
        PasswordStatus::Pending => "PENDING",
        PasswordStatus::Active | PasswordStatus::Locked => "ACTIVE",
        PasswordStatus::Expired => "EXPIRED",
        PasswordStatus::Federated => "FEDERATED",
        PasswordStatus::External => "EXTERNAL",
    }
}

/// A person or device as rules see it.
pub(crate) struct Seen<'f> {
    facts: &'f Facts,
    kind: GroupKind,
    id: Id,
    user: Option<&'f User>,
    device: Option<&'f Device>,
}

impl Seen<'_> {
    fn groups(&self, member: Id) -> Vec<Cow<'_, str>> {
        let of = self.facts.memberships.get(&member);
        of.into_iter().flat_map(HashMap::keys).map(|id| Cow::Owned(id.text())).collect()
    }

    /// The managers, the nearest first.
    fn managers(&self) -> impl Iterator<Item = &User> {
        let next = |id: &Id| self.facts.manager(*id);
        std::iter::successors(self.facts.manager(self.id), next)
            .take(MANAGERS_MAX)
            .filter_map(|id| self.facts.users.get(&id))
    }

    fn value_of_user(&self, attribute: &str) -> Option<Cow<'_, str>> {
        let user = self.user?;
        if let Some(found) = user.attribute(attribute) {
            return Some(found);
        }
        if let Some(of_manager) = attribute.strip_prefix("manager.") {
            return self.managers().next()?.attribute(of_manager);
        }
        self.facts.of_user(user, attribute).map(Cow::Owned)
    }

    fn value_of_device(&self, attribute: &str) -> Option<Cow<'_, str>> {
        let device = self.device?;
        match attribute.strip_prefix("owner.") {
            Some(of_owner) => self.facts.users.get(&device.owner?)?.attribute(of_owner),
            None => device.attribute(attribute),
        }
    }
}

impl Subject for Seen<'_> {
    fn value(&self, attribute: &str) -> Option<Cow<'_, str>> {
        match self.kind {
            GroupKind::User => self.value_of_user(attribute),
            GroupKind::Device => self.value_of_device(attribute),
        }
    }

    fn values(&self, attribute: &str) -> Vec<Cow<'_, str>> {
        let facts = self.facts;
        let devices = || facts.devices_of.get(&self.id).into_iter().flatten();
        match (self.kind, attribute) {
            (_, "groups") => self.groups(self.id),
            (GroupKind::Device, "owner.groups") => {
                let owner = self.device.and_then(|device| device.owner);
                owner.map(|owner| self.groups(owner)).unwrap_or_default()
            }
            (GroupKind::User, "devices.groups") => devices().flat_map(|device| self.groups(*device)).collect(),
            (GroupKind::User, "identityProviders") => {
                let names = facts.providers_of.get(&self.id).into_iter().flatten();
                names.map(|name| Cow::Borrowed(name.as_str())).collect()
            }
            (GroupKind::User, attribute) => {
                if let Some(of_device) = attribute.strip_prefix("devices.") {
                    let found = devices().filter_map(|id| facts.devices.get(id)?.attribute(of_device));
                    return found.collect();
                }
                if let Some(of_manager) = attribute.strip_prefix("managers.") {
                    return self.managers().filter_map(|manager| manager.attribute(of_manager)).collect();
                }
                self.value(attribute).into_iter().collect()
            }
            (GroupKind::Device, attribute) => self.value(attribute).into_iter().collect(),
        }
    }
}
