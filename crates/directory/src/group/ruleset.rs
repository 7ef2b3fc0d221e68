//! An organization's groups made ready to be decided: rules compiled, in an order in which each group comes after those that
//! it depends on, indexed by the attributes that they read. Pure, but for reading it from the store.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use muster_base::Id;
use muster_rules::{Operator, Program, Rule, Subject};

use super::{Group, GroupKind, store};
use crate::{Result, Source, Write, attribute};

/// What is wrong with a group's rule (JumpCloud's `memberQueryErrorFlags`). While something is, the group holds its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    /// It speaks of a group that is not there.
    InvalidGroupReference,
    /// It speaks of a custom attribute whose declaration was removed.
    InvalidAttribute,
    /// It depends on itself.
    Cycle,
}

impl Flag {
    /// The API's word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::InvalidGroupReference => "INVALID_GROUP_REFERENCE",
            Self::InvalidAttribute => "INVALID_ATTRIBUTE",
            Self::Cycle => "CYCLE",
        }
    }
}

/// How a group follows from the members of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Link {
    /// The same people or devices.
    Same,
    /// The devices whose owners are members.
    OwnedDevices,
    /// The people one of whose devices is a member.
    PeopleOfDevices,
}

/// A group made ready.
#[derive(Debug)]
pub struct Ready {
    /// The group.
    pub group: Group,
    /// The groups whose members are members.
    pub nested: Vec<Id>,
    /// What is wrong with it.
    pub flags: BTreeSet<Flag>,
    include: Option<Program>,
    exclude: Option<Program>,
    /// The groups that follow from this one, by place in the order.
    dependents: Vec<(usize, Link)>,
}

impl Ready {
    /// Whether the rule lets this subject in, and whether the other one keeps it out.
    pub(crate) fn ask(&self, subject: &dyn Subject, now: muster_rules::Moment) -> (bool, bool) {
        let holds = |program: &Option<Program>| program.as_ref().is_some_and(|p| p.matches(subject, now));
        (holds(&self.include), holds(&self.exclude))
    }

    /// Whether time alone may change what the rules say.
    pub(crate) fn is_timed(&self) -> bool {
        let timed = [&self.include, &self.exclude].into_iter().flatten().any(Program::is_timed);
        timed || self.group.queries().any(|q| q.rule().attributes().contains("passwordStatus"))
    }

    /// Whether its members follow from anything but hands.
    pub(crate) fn is_derived(&self) -> bool {
        self.flags.is_empty() && (self.group.method.is_dynamic() || !self.nested.is_empty())
    }

    /// The groups that follow from this one.
    pub(crate) fn dependents(&self) -> &[(usize, Link)] {
        &self.dependents
    }
}

/// All groups of an organization, made ready.
#[derive(Debug, Default)]
pub struct RuleSet {
    groups: Vec<Ready>,
    place: HashMap<Id, usize>,
    by_attribute: BTreeMap<(GroupKind, String), Vec<usize>>,
}

/// The groups that a rule speaks of, each with the attribute by which it does.
pub fn references(rule: &Rule) -> impl Iterator<Item = (&str, &str)> {
    let refers = |operator| matches!(operator, Operator::MemberOf | Operator::NotMemberOf);
    let tests = rule.tests().into_iter().filter(move |test| refers(test.operator));
    tests.flat_map(|test| test.values.iter().map(|value| (test.attribute.as_str(), value.as_str())))
}

/// How what an attribute's groups hold leads to the members of a group of this kind, and the kind of those groups.
pub(super) fn link(kind: GroupKind, attribute: &str) -> (Link, GroupKind) {
    match (kind, attribute) {
        (GroupKind::Device, "owner.groups") => (Link::OwnedDevices, GroupKind::User),
        (GroupKind::User, "devices.groups") => (Link::PeopleOfDevices, GroupKind::Device),
        (kind, _) => (Link::Same, kind),
    }
}

/// What a group depends on: its rules' references and its nested groups. A reference that is no id leads nowhere.
pub(super) fn dependencies(group: &Group, nested: &[Id]) -> Vec<(Option<Id>, Link)> {
    let rules = if group.method.is_dynamic() { group.queries().collect() } else { Vec::new() };
    let of_rule = |query: &muster_rules::MemberQuery| {
        references(query.rule())
            .map(|(attribute, id)| (id.parse().ok(), link(group.kind, attribute).0))
            .collect::<Vec<(Option<Id>, Link)>>()
    };
    let mut out: Vec<_> = rules.into_iter().flat_map(of_rule).collect();
    out.extend(nested.iter().map(|id| (Some(*id), Link::Same)));
    out.sort_unstable();
    out.dedup();
    out
}

impl RuleSet {
    /// Makes groups ready.
    #[must_use]
    pub fn new(groups: Vec<Group>, mut nested: BTreeMap<Id, Vec<Id>>) -> Self {
        let mut ready: Vec<Ready> = groups
            .into_iter()
            .map(|group| {
                let program = |query: &Option<muster_rules::MemberQuery>| {
                    let query = query.as_ref().filter(|_| group.method.is_dynamic())?;
                    Some(Program::new(query.rule()))
                };
                let (include, exclude) = (program(&group.member_query), program(&group.exclude_query));
                let nested = nested.remove(&group.id).unwrap_or_default();
                Ready { nested, flags: BTreeSet::new(), include, exclude, dependents: Vec::new(), group }
            })
            .collect();
        let known: BTreeSet<Id> = ready.iter().map(|r| r.group.id).collect();
        for one in &mut ready {
            let missing =
                dependencies(&one.group, &one.nested).iter().any(|(id, _)| id.is_none_or(|id| !known.contains(&id)));
            if missing {
                one.flags.insert(Flag::InvalidGroupReference);
            }
        }
        let mut set = Self { groups: in_order(ready), ..Self::default() };
        set.index();
        set
    }

    /// Reads the groups and makes them ready.
    ///
    /// # Errors
    /// The database's.
    pub async fn read(s: &mut impl Source, org: Id) -> Result<Self> {
        let groups = store::every(s, org).await?;
        let nested = store::nested(s, org).await?;
        Ok(Self::new(groups, nested).holding(&attribute::store::holding(s, org).await?))
    }

    /// The same, where these groups speak of attributes that were removed.
    pub(crate) fn holding(mut self, groups: &BTreeSet<Id>) -> Self {
        for one in self.groups.iter_mut().filter(|one| one.group.method.is_dynamic() && groups.contains(&one.group.id))
        {
            one.flags.insert(Flag::InvalidAttribute);
        }
        self
    }

    fn index(&mut self) {
        self.place = self.groups.iter().enumerate().map(|(at, r)| (r.group.id, at)).collect();
        let mut edges = Vec::new();
        for (at, one) in self.groups.iter().enumerate() {
            if one.group.method.is_dynamic() {
                let attributes: BTreeSet<&str> = one.group.queries().flat_map(|q| q.rule().attributes()).collect();
                for attribute in attributes {
                    self.by_attribute.entry((one.group.kind, attribute.to_owned())).or_default().push(at);
                }
            }
            let ids = dependencies(&one.group, &one.nested);
            edges.extend(ids.into_iter().filter_map(|(id, link)| Some((*self.place.get(&id?)?, (at, link)))));
        }
        for (from, to) in edges {
            if let Some(one) = self.groups.get_mut(from) {
                one.dependents.push(to);
            }
        }
    }

    /// The groups whose members decide when groups at these places, and what follows from them, are worked out: those groups
    /// themselves and all that they speak of. `None` where they are so many that all of somebody's are as easily read.
    pub(crate) fn within(&self, places: impl IntoIterator<Item = usize>) -> Option<Vec<Id>> {
        let mut open: Vec<usize> = places.into_iter().collect();
        let mut seen: BTreeSet<usize> = open.iter().copied().collect();
        let mut out: BTreeSet<Id> = BTreeSet::new();
        while let Some(ready) = open.pop().and_then(|place| self.at(place)) {
            out.insert(ready.group.id);
            out.extend(dependencies(&ready.group, &ready.nested).into_iter().filter_map(|(id, _)| id));
            if out.len() > WITHIN_MAX {
                return None;
            }
            open.extend(ready.dependents.iter().map(|(place, _)| *place).filter(|place| seen.insert(*place)));
        }
        Some(out.into_iter().collect())
    }

    /// A group by its place in the order.
    pub(crate) fn at(&self, place: usize) -> Option<&Ready> {
        self.groups.get(place)
    }

    /// Where a group is in the order.
    pub(crate) fn place(&self, id: Id) -> Option<usize> {
        self.place.get(&id).copied()
    }

    /// A group by id.
    #[must_use]
    pub fn get(&self, id: Id) -> Option<&Ready> {
        self.groups.get(*self.place.get(&id)?)
    }

    /// All, each after those that it depends on.
    pub fn iter(&self) -> impl Iterator<Item = &Ready> {
        self.groups.iter()
    }

    /// The groups of a kind whose rules read an attribute.
    pub(crate) fn reading(&self, kind: GroupKind, attribute: &str) -> impl Iterator<Item = usize> + '_ {
        self.by_attribute.get(&(kind, attribute.to_owned())).into_iter().flatten().copied()
    }

    /// The groups of a kind whose rules read any attribute that begins so.
    pub(crate) fn reading_any(&self, kind: GroupKind, prefix: &str) -> BTreeSet<usize> {
        let from = (kind, prefix.to_owned());
        let run = self.by_attribute.range(from..).take_while(|((k, name), _)| *k == kind && name.starts_with(prefix));
        run.flat_map(|(_, places)| places.iter().copied()).collect()
    }

    /// The groups of a kind that a new member might be in.
    pub(crate) fn derived(&self, kind: GroupKind) -> impl Iterator<Item = usize> + '_ {
        let of_kind = move |(at, one): (usize, &Ready)| (one.group.kind == kind && one.is_derived()).then_some(at);
        self.groups.iter().enumerate().filter_map(of_kind)
    }
}

/// Each after those that it depends on; what depends on itself comes last, with a flag.
fn in_order(groups: Vec<Ready>) -> Vec<Ready> {
    let ids: BTreeSet<Id> = groups.iter().map(|r| r.group.id).collect();
    let mut waiting: BTreeMap<Id, usize> = BTreeMap::new();
    let mut leads_to: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for one in &groups {
        let on: BTreeSet<Id> = dependencies(&one.group, &one.nested).into_iter().filter_map(|(id, _)| id).collect();
        let on: Vec<Id> = on.into_iter().filter(|id| ids.contains(id)).collect();
        waiting.insert(one.group.id, on.len());
        for id in on {
            leads_to.entry(id).or_default().push(one.group.id);
        }
    }
    let mut free: Vec<Id> = waiting.iter().filter(|(_, n)| **n == 0).map(|(id, _)| *id).collect();
    let mut order = Vec::with_capacity(groups.len());
    while let Some(id) = free.pop() {
        order.push(id);
        for next in leads_to.get(&id).into_iter().flatten() {
            if let Some(left) = waiting.get_mut(next) {
                *left -= 1;
                if *left == 0 {
                    free.push(*next);
                }
            }
        }
    }
    let mut by_id: BTreeMap<Id, Ready> = groups.into_iter().map(|r| (r.group.id, r)).collect();
    let mut out: Vec<Ready> = order.iter().filter_map(|id| by_id.remove(id)).collect();
    out.extend(by_id.into_values().map(|mut one| {
        one.flags.insert(Flag::Cycle);
        one
    }));
    out
}

/// The groups by which a group would depend on itself, from it and back to it; `None` where it does not. Each step is an
/// id; the first is the group.
#[must_use]
pub fn cycle(set: &RuleSet, group: &Group, nested: &[Id]) -> Option<Vec<Id>> {
    let mut came_by: BTreeMap<Id, Id> = BTreeMap::new();
    let mut open = vec![group.id];
    while let Some(id) = open.pop() {
        let on = match set.get(id) {
            _ if id == group.id => dependencies(group, nested),
            Some(ready) => dependencies(&ready.group, &ready.nested),
            None => continue,
        };
        for next in on.into_iter().filter_map(|(id, _)| id) {
            if next == group.id {
                let mut path = vec![group.id, id];
                let mut at = id;
                while let Some(before) = came_by.get(&at) {
                    path.push(*before);
                    at = *before;
                }
                path.dedup();
                path.reverse();
                // A group that speaks of itself has but one step.
                path.push(group.id);
                path.dedup();
                return Some(if path.len() == 1 { vec![group.id, group.id] } else { path });
            }
            if !came_by.contains_key(&next) && set.get(next).is_some() {
                came_by.insert(next, id);
                open.push(next);
            }
        }
    }
    None
}

/// Beyond so many groups all memberships of somebody are read instead of those in them.
const WITHIN_MAX: usize = 50;

/// The rules as this transaction sees them. What it changed itself is read anew.
pub(crate) async fn of(w: &mut Write<'_>) -> Result<Arc<RuleSet>> {
    let org = w.org();
    if let Some(set) = w.rules() {
        return Ok(set);
    }
    let set = Arc::new(RuleSet::read(w, org).await?);
    w.learn_rules(&set);
    Ok(set)
}
