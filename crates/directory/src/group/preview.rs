//! What saving a group would do, before it is saved: who joins and leaves, in it and in the groups that follow from it, and
//! which applications and routing policies people gain or lose by that. Nothing is written.

use std::collections::{BTreeMap, BTreeSet};

use muster_base::{Id, Micros};

use super::affected::Affected;
use super::decide::decide;
use super::derive::{count, standing};
use super::facts::{Facts, Needs};
use super::membership::Membership;
use super::model::Exempt;
use super::relation::{self, some_after};
use super::ruleset::RuleSet;
use super::{Exemption, Group, GroupKind, Method, Suggestion, Via, store};
use crate::organization::{self, GroupChanges};
use crate::routing::model::Target;
use crate::{Error, Result, Source, Write, application, attribute, device, provision, routing, user};

/// Where an organization sets nothing, more than this part of it wants a second confirmation, in percent.
const CONFIRM_PERCENT: i64 = 20;
/// And fewer than so many want none, whatever part they are.
const CONFIRM_LEAST: usize = 10;
/// How many are looked at together.
const CHUNK: usize = 1_000;

/// A group as it would be saved.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'d> {
    /// The group.
    pub group: &'d Group,
    /// The id under which it is saved already.
    pub saved: Option<Id>,
    /// The groups that it would hold.
    pub nested: &'d [Id],
    /// Whom the rule would not decide.
    pub exemptions: &'d [Exempt],
}

/// What would become of one membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Not a member now, one after saving.
    Joins,
    /// A member now, none after saving.
    Leaves,
    /// A member before and after.
    Stays,
    /// Would be suggested, to join or to leave.
    Suggested(Suggestion),
}

/// What saving would do.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// The members, by id.
    pub members: BTreeMap<Id, Change>,
    /// How many people or devices the organization has.
    pub population: i64,
    /// Other groups that follow: how many join and leave.
    pub groups: Vec<(Id, String, usize, usize)>,
    /// Applications that people gain or lose.
    pub applications: Vec<(Id, String, usize, usize)>,
    /// Those of the applications that accounts are sent to: accounts are made there, or taken away.
    pub accounts: Vec<(Id, String, usize, usize)>,
    /// Routing policies that people come under or no longer do.
    pub policies: Vec<(Id, String, usize, usize)>,
    /// The devices of those people who move, or the people of those devices, the most concerned first: with how many who
    /// join each is bound, and with how many who leave.
    pub bound: Vec<(Id, String, usize, usize)>,
    /// How many of those there are: [`Preview::bound`] holds the first.
    pub bound_count: usize,
}

impl Preview {
    /// How many of these changes there are.
    #[must_use]
    pub fn count(&self, of: Change) -> usize {
        self.members.values().filter(|change| **change == of).count()
    }

    /// How many join or leave.
    #[must_use]
    pub fn moved(&self) -> usize {
        self.count(Change::Joins) + self.count(Change::Leaves)
    }

    /// Whether so great a part of the organization moves that it should be confirmed.
    #[must_use]
    pub fn needs_confirmation(&self, settings: &GroupChanges) -> bool {
        let moved = self.moved();
        match settings.confirm_above_percent {
            0 => moved >= CONFIRM_LEAST && is_above(moved, CONFIRM_PERCENT, self.population),
            percent => is_above(moved, percent, self.population),
        }
    }
}

/// Whether so many are more than this part of all.
fn is_above(moved: usize, percent: i64, population: i64) -> bool {
    i64::try_from(moved).unwrap_or(i64::MAX).saturating_mul(100) > percent.saturating_mul(population)
}

/// The present as it would be after saving.
struct Simulation {
    facts: Facts,
    /// By group and member: how they were in it, and how they would be.
    moved: BTreeMap<(Id, Id), (Option<Via>, Option<Via>)>,
    members: BTreeMap<Id, Change>,
}

/// What saving would do.
///
/// # Errors
/// The database's.
pub async fn preview(s: &mut impl Source, draft: &Draft<'_>, now: Micros) -> Result<Preview> {
    let org = draft.group.org;
    let set = with_draft(s, draft).await?;
    let simulation = simulate(s, &set, draft, now).await?;
    let mut out = Preview { population: count(s, org, draft.group.kind).await?, ..Preview::default() };
    let others: BTreeSet<Id> =
        simulation.moved.keys().map(|(group, _)| *group).filter(|id| *id != draft.group.id).collect();
    for id in others {
        let Some(ready) = set.get(id) else { continue };
        let (joins, leaves) = simulation.counts(id);
        out.groups.push((id, ready.group.name.clone(), joins, leaves));
    }
    if draft.group.kind == GroupKind::User || simulation.moved.keys().any(|(id, _)| is_of_users(&set, *id)) {
        consequences(s, org, &set, &simulation, &mut out).await?;
    }
    out.members = simulation.members;
    bindings(s, draft.group, &mut out).await?;
    Ok(out)
}

fn is_of_users(set: &RuleSet, id: Id) -> bool {
    set.get(id).is_some_and(|ready| ready.group.kind == GroupKind::User)
}

/// Those whom saving would put out.
pub(super) async fn leaving(w: &mut Write<'_>, draft: &Draft<'_>) -> Result<Vec<Id>> {
    let now = w.now();
    let set = with_draft(w, draft).await?;
    let simulation = simulate(w, &set, draft, now).await?;
    Ok(simulation.members.into_iter().filter(|(_, change)| *change == Change::Leaves).map(|(id, _)| id).collect())
}

/// Refuses what would move a greater part of the organization than is let through unasked.
///
/// # Errors
/// [`Error::Invalid`] on `confirmed`, with the numbers.
pub(super) async fn refuse_unconfirmed(w: &mut Write<'_>, draft: &Draft<'_>) -> Result<()> {
    if confirm_above(w).await? == 0 {
        return Ok(());
    }
    let now = w.now();
    let set = with_draft(w, draft).await?;
    let members = simulate(w, &set, draft, now).await?.members;
    let joins = members.values().filter(|change| **change == Change::Joins).count();
    let leaves = members.values().filter(|change| **change == Change::Leaves).count();
    refuse_many(w, draft.group.kind, (joins, leaves)).await
}

/// The same of a change that moves one at most: looked at only where one is a greater part than that.
pub(super) async fn refuse_unconfirmed_of_one(w: &mut Write<'_>, draft: &Draft<'_>) -> Result<()> {
    let (org, percent) = (w.org(), confirm_above(w).await?);
    if percent == 0 || !is_above(1, percent, count(w, org, draft.group.kind).await?) {
        return Ok(());
    }
    refuse_unconfirmed(w, draft).await
}

/// Refuses to let so many join and leave a group as its organization does not let through unasked.
///
/// # Errors
/// [`Error::Invalid`] on `confirmed`, with the numbers.
pub(super) async fn refuse_many(w: &mut Write<'_>, kind: GroupKind, (joins, leaves): (usize, usize)) -> Result<()> {
    let (org, percent) = (w.org(), confirm_above(w).await?);
    let population = count(w, org, kind).await?;
    if percent == 0 || !is_above(joins + leaves, percent, population) {
        return Ok(());
    }
    let message = format!(
        "{joins} would join and {leaves} leave, of {} in the organization: more than the {percent} % that is saved unasked \
         (settings.groupChanges.confirmAbovePercent). Look at the preview, then send it again with \"confirmed\": true",
        population
    );
    Err(Error::field("confirmed", message))
}

/// The share of the organization, in percent, that is let through unasked; 0 for any.
async fn confirm_above(w: &mut Write<'_>) -> Result<i64> {
    let org = w.org();
    Ok(organization::store::get(w, org).await?.settings.group_changes.confirm_above_percent)
}

/// The rules with the draft in its place.
async fn with_draft(s: &mut impl Source, draft: &Draft<'_>) -> Result<RuleSet> {
    let org = draft.group.org;
    let mut groups = store::every(s, org).await?;
    let mut holding = attribute::store::holding(s, org).await?;
    let rules = |group: &Group| (group.member_query.clone(), group.exclude_query.clone());
    if groups.iter().any(|group| group.id == draft.group.id && rules(group) != rules(draft.group)) {
        holding.remove(&draft.group.id);
    }
    groups.retain(|group| group.id != draft.group.id);
    groups.push(draft.group.clone());
    let mut nested = store::nested(s, org).await?;
    nested.insert(draft.group.id, draft.nested.to_vec());
    Ok(RuleSet::new(groups, nested).holding(&holding))
}

async fn simulate(s: &mut impl Source, set: &RuleSet, draft: &Draft<'_>, now: Micros) -> Result<Simulation> {
    let (org, group) = (draft.group.org, draft.group);
    let facts = Facts::new(s, org, Needs::of(set), now).await?;
    let mut out = Simulation { facts, moved: BTreeMap::new(), members: BTreeMap::new() };
    let exemptions: Vec<Exemption> = draft.exemptions.iter().map(|of| of.at(now)).collect();
    let Some(place) = set.place(group.id) else { return Ok(out) };
    let mut affected = Affected::default();
    let mut after = String::new();
    loop {
        let ids = some_after(s, org, group.kind, &after, CHUNK).await?;
        let Some(last) = ids.last() else { break };
        after = last.text();
        out.facts.load(s, org, group.kind, &ids).await?;
        out.facts.put_exemptions(group.id, &exemptions);
        let moved = out.decide(set, place, &ids, true);
        if let Some(ready) = set.at(place) {
            affected.follow(s, org, ready.dependents(), &moved).await?;
        }
        // Of the others nothing more is asked.
        out.facts.keep_only(&moved.into_iter().collect());
    }
    while let Some((place, whom)) = affected.pop() {
        let (Some(ready), super::affected::Whom::Some { more: ids, .. }) = (set.at(place), whom) else { continue };
        let ids: Vec<Id> = ids.into_iter().collect();
        out.facts.load(s, org, ready.group.kind, &ids).await?;
        let moved = out.decide(set, place, &ids, false);
        affected.follow(s, org, ready.dependents(), &moved).await?;
    }
    Ok(out)
}

impl Simulation {
    /// Decides about some in a group; tells who would come or go.
    fn decide(&mut self, set: &RuleSet, place: usize, ids: &[Id], is_draft: bool) -> Vec<Id> {
        let Some(ready) = set.at(place).filter(|ready| ready.flags.is_empty()) else { return Vec::new() };
        let mut moved = Vec::new();
        for id in ids.iter().copied() {
            if !self.facts.has(ready.group.kind, id) {
                continue;
            }
            let mut standing = standing(ready, &self.facts, id);
            if is_draft && ready.group.method == Method::Static && standing.now.is_some_and(|via| via != Via::Nested) {
                // Whoever is in when a group becomes static stays in, by hand.
                standing.now = Some(Via::Direct);
            }
            let outcome = decide(ready.group.method, standing);
            if is_draft {
                let change = match (standing.now, outcome.via, outcome.suggestion) {
                    (_, _, Some(suggestion)) => Some(Change::Suggested(suggestion)),
                    (None, Some(_), None) => Some(Change::Joins),
                    (Some(_), None, None) => Some(Change::Leaves),
                    (Some(_), Some(_), None) => Some(Change::Stays),
                    (None, None, None) => None,
                };
                self.members.extend(change.map(|change| (id, change)));
            }
            if standing.now.is_some() != outcome.via.is_some() {
                self.moved.insert((ready.group.id, id), (standing.now, outcome.via));
                let to = outcome.via.map(|via| Membership { via, since: Micros(0), since_seq: 0 });
                self.facts.set_membership(id, ready.group.id, to);
                moved.push(id);
            }
        }
        moved
    }

    /// How many join and leave a group.
    fn counts(&self, group: Id) -> (usize, usize) {
        let of = self.moved.iter().filter(|((id, _), _)| *id == group);
        let joins = of.clone().filter(|(_, (before, _))| before.is_none()).count();
        (joins, of.count() - joins)
    }

    /// Of those who move: how many come into one of these groups that were in none, and the other way round.
    fn reached(&self, groups: &BTreeSet<Id>, directly: &BTreeSet<Id>) -> (usize, usize) {
        let people: BTreeSet<Id> = self.moved.keys().filter(|(id, _)| groups.contains(id)).map(|(_, id)| *id).collect();
        let (mut gain, mut lose) = (0, 0);
        for person in people.into_iter().filter(|id| !directly.contains(id)) {
            let after = groups.iter().any(|group| self.facts.membership(person, *group).is_some());
            let before = groups.iter().any(|group| match self.moved.get(&(*group, person)) {
                Some((before, _)) => before.is_some(),
                None => self.facts.membership(person, *group).is_some(),
            });
            gain += usize::from(after && !before);
            lose += usize::from(before && !after);
        }
        (gain, lose)
    }
}

/// How many bindings are named.
const BOUND_MAX: usize = 50;

/// The devices that come and go with the people who move, or the people with the devices.
async fn bindings(s: &mut impl Source, group: &Group, out: &mut Preview) -> Result<()> {
    let of = |wanted: Change| out.members.iter().filter(move |(_, change)| **change == wanted).map(|(id, _)| *id);
    let (joining, leaving): (Vec<Id>, Vec<Id>) = (of(Change::Joins).collect(), of(Change::Leaves).collect());
    let mut counts: BTreeMap<Id, (usize, usize)> = BTreeMap::new();
    for (ids, joins) in [(joining, true), (leaving, false)] {
        for chunk in ids.chunks(CHUNK) {
            for (_, bound) in relation::bound(s, group.org, group.kind, chunk).await? {
                let (gains, loses) = counts.entry(bound).or_default();
                *(if joins { gains } else { loses }) += 1;
            }
        }
    }
    out.bound_count = counts.len();
    let mut first: Vec<(Id, (usize, usize))> = counts.into_iter().collect();
    first.sort_by_key(|(id, (gains, loses))| (std::cmp::Reverse(gains + loses), *id));
    first.truncate(BOUND_MAX);
    let ids: Vec<Id> = first.iter().map(|(id, _)| *id).collect();
    let names: BTreeMap<Id, String> = match group.kind {
        GroupKind::User => {
            device::store::by_ids(s, group.org, &ids).await?.iter().map(|d| (d.id, d.display())).collect()
        }
        GroupKind::Device => {
            user::store::by_ids(s, group.org, &ids).await?.iter().map(|u| (u.id, u.display())).collect()
        }
    };
    let named = |(id, (gains, loses))| (id, names.get(&id).cloned().unwrap_or_default(), gains, loses);
    out.bound = first.into_iter().map(named).collect();
    Ok(())
}

/// What people gain or lose besides membership.
async fn consequences(
    s: &mut impl Source,
    org: Id,
    set: &RuleSet,
    simulation: &Simulation,
    out: &mut Preview,
) -> Result<()> {
    let moved: BTreeSet<Id> =
        simulation.moved.keys().map(|(group, _)| *group).filter(|id| is_of_users(set, *id)).collect();
    let mut apps = BTreeSet::new();
    for group in &moved {
        apps.extend(application::store::bound_to(s, org, "user_group", *group).await?);
    }
    for app in apps {
        let bindings = application::store::bindings(s, org, app).await?;
        let of = |kind: &str| bindings.iter().filter(|(k, _)| k == kind).map(|(_, id)| *id).collect::<BTreeSet<Id>>();
        let (gain, lose) = simulation.reached(&of("user_group"), &of("user"));
        if gain + lose > 0 {
            let name = application::store::get(s, org, app).await?.label().to_owned();
            if provision::store::find(s, org, app).await?.is_some_and(|target| target.active) {
                out.accounts.push((app, name.clone(), gain, lose));
            }
            out.applications.push((app, name, gain, lose));
        }
    }
    for policy in routing::store::all(s, org).await? {
        let mut groups = BTreeSet::new();
        let mut directly = BTreeSet::new();
        for target in &policy.targets {
            match target {
                Target::Group(id) => drop(groups.insert(*id)),
                Target::User(id) => drop(directly.insert(*id)),
            }
        }
        let (gain, lose) = simulation.reached(&groups, &directly);
        if policy.enabled && gain + lose > 0 {
            out.policies.push((policy.id, policy.name.clone(), gain, lose));
        }
    }
    Ok(())
}
