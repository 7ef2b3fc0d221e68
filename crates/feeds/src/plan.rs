//! What is to be done about what was read: who is new, who changed, who is gone, and whom the guard holds. Pure.

use std::collections::{BTreeMap, BTreeSet};

use muster_base::Id;
use muster_directory::feed::mark::Mark;
use muster_directory::feed::take::Step;
use muster_directory::feed::{Action, GuardLimits, ObjectKind, Outcome};
use serde_json::Map;

use crate::found::{Found, Refused};

/// What is told of somebody new who may be kept out there.
const UNSAID: &str = "the source does not show whether they may sign in: let it be read (userAccountControl)";

/// A person whom the directory has from this source.
#[derive(Clone, Debug, Default)]
pub struct KnownPerson {
    /// The person.
    pub id: Option<Id>,
    /// Their user name.
    pub name: String,
    /// What was read of them last.
    pub mark: Mark,
    /// Whether they may come in.
    pub active: bool,
}

/// A group that the directory has from this source.
#[derive(Clone, Debug)]
pub struct KnownGroup {
    /// The group.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// What mappings mean it by instead.
    pub address: Option<String>,
    /// The people and groups in it.
    pub members: BTreeSet<Id>,
}

/// What is known, by the source's names.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The people.
    pub people: BTreeMap<String, KnownPerson>,
    /// The groups.
    pub groups: BTreeMap<String, KnownGroup>,
}

impl Known {
    /// Those of these names who are here.
    pub(crate) fn ids(&self, externals: &[String]) -> BTreeSet<Id> {
        let id_of = |external: &String| {
            let person = self.people.get(external).and_then(|is| is.id);
            person.or_else(|| self.groups.get(external).map(|is| is.id))
        };
        externals.iter().filter_map(id_of).collect()
    }
}

/// What is to be done, in this order.
#[derive(Debug, Default)]
pub struct Plan {
    /// What cannot be done is told.
    pub told: Vec<Step>,
    /// People come and change.
    pub people: Vec<Step>,
    /// People who may not come in any more.
    pub leaving: Vec<Step>,
    /// Groups are made and renamed.
    pub groups: Vec<Step>,
    /// Members.
    pub members: Vec<Step>,
    /// Groups that are gone.
    pub removing: Vec<Step>,
    /// People who are as the source says.
    pub unchanged: i64,
    /// People who are not let in there and are not here.
    pub skipped: i64,
    /// Groups that are as the source says.
    pub groups_unchanged: i64,
    /// Why the guard holds somebody, and what else has to be said.
    pub notes: Vec<String>,
    nobody: bool,
    active: i64,
}

/// Works it out. `groups`: whether groups were read.
#[must_use]
pub fn decide(found: Found, known: &Known, groups: bool) -> Plan {
    let mut plan = Plan {
        nobody: found.people.is_empty(),
        active: count(known.people.values().filter(|p| p.active).count()),
        ..Plan::default()
    };
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for one in &found.refused {
        // Whoever cannot be read is there nevertheless.
        seen.insert(one.external_id.clone());
        plan.refuse(one, known.people.get(&one.external_id));
    }
    let mut coming: BTreeSet<String> = BTreeSet::new();
    let mut silent: Vec<String> = Vec::new();
    for person in found.people {
        let external = person.external_id.clone();
        if !seen.insert(external.clone()) {
            plan.told.push(refused(
                ObjectKind::User,
                &external,
                &person.feed.username,
                "the source has two of this id",
            ));
            continue;
        }
        let is = known.people.get(&external);
        if is.is_some() && person.feed.active.is_none() {
            silent.push(person.feed.username.clone());
        }
        match is {
            None if person.feed.active.is_none() => {
                plan.told.push(refused(ObjectKind::User, &external, &person.feed.username, UNSAID));
            }
            None if person.feed.active == Some(false) => plan.skipped += 1,
            None => {
                coming.insert(external);
                plan.people.push(Step::User(Box::new(person)));
            }
            Some(is) if is.mark.read == person.read && !is.mark.gone && !is.mark.late => plan.unchanged += 1,
            Some(is) if is.active && person.feed.active == Some(false) => {
                plan.leaving.push(Step::User(Box::new(person)))
            }
            Some(_) => plan.people.push(Step::User(Box::new(person))),
        }
    }
    for (external_id, is) in known.people.iter().filter(|(external, is)| !seen.contains(*external) && !is.mark.gone) {
        let Some(id) = is.id else { continue };
        let step = Step::Leave { id, external_id: external_id.clone(), name: is.name.clone() };
        if is.active { plan.leaving.push(step) } else { plan.people.push(step) }
    }
    if let Some(first) = silent.first() {
        let count = silent.len();
        let (does, stays) = if count == 1 { ("person does", "this one stays") } else { ("people do", "they stay") };
        plan.notes
            .push(format!("{count} {does} not show whether they may sign in, such as {first}: {stays} as before"));
    }
    if groups {
        plan.decide_groups((found.groups, found.refused_groups), known, &coming);
    }
    plan
}

pub(crate) fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn refused(kind: ObjectKind, external_id: &str, name: &str, why: &str) -> Step {
    Step::Told(Outcome {
        kind,
        action: Action::Conflict,
        external_id: external_id.into(),
        name: name.into(),
        id: None,
        fields: Map::new(),
        error: Some(why.into()),
        in_the_way: None,
    })
}

impl Plan {
    /// Whoever cannot be read is told, and kept out nevertheless where the source says so.
    fn refuse(&mut self, one: &Refused, is: Option<&KnownPerson>) {
        let is_let_in = |is: &&KnownPerson| is.active || (is.mark.active && !is.mark.gone);
        let Some(is) = is.filter(is_let_in).filter(|_| one.out) else {
            self.told.push(refused(ObjectKind::User, &one.external_id, &one.name, &one.why));
            return;
        };
        let step = Step::Out { external_id: one.external_id.clone(), name: one.name.clone(), why: one.why.clone() };
        if is.active { self.leaving.push(step) } else { self.people.push(step) }
    }

    fn decide_groups(
        &mut self,
        (found, refused_there): (Vec<muster_directory::feed::take::Group>, Vec<(String, String, String)>),
        known: &Known,
        coming: &BTreeSet<String>,
    ) {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for (external_id, name, why) in refused_there {
            self.told.push(refused(ObjectKind::Group, &external_id, &name, &why));
            // What cannot be read is there nevertheless.
            seen.insert(external_id);
        }
        let mut names: BTreeSet<String> = BTreeSet::new();
        let mut new = coming.clone();
        new.extend(found.iter().filter(|g| !known.groups.contains_key(&g.external_id)).map(|g| g.external_id.clone()));
        for group in found {
            let is_first = seen.insert(group.external_id.clone());
            if !is_first || !names.insert(group.name.trim().to_lowercase()) {
                let why = "the source has two groups of this name or id: rename one";
                self.told.push(refused(ObjectKind::Group, &group.external_id, &group.name, why));
                continue;
            }
            let is = known.groups.get(&group.external_id);
            let is_addressed = |is: &KnownGroup| group.address.is_none() || is.address == group.address;
            let is_named = is.is_some_and(|is| is.name == group.name.trim() && is_addressed(is));
            let wanted = known.ids(&group.members);
            let is_held = is.is_some_and(|is| is.members == wanted) && !group.members.iter().any(|m| new.contains(m));
            if is_named && is_held {
                self.groups_unchanged += 1;
            }
            if !is_named {
                self.groups.push(Step::Group(group.clone()));
            }
            if !is_held {
                self.members.push(Step::Members(group));
            }
        }
        for (external_id, is) in known.groups.iter().filter(|(external, _)| !seen.contains(*external)) {
            self.removing.push(Step::Remove { id: is.id, external_id: external_id.clone(), name: is.name.clone() });
        }
    }

    /// Lets the guard hold what goes beyond its limits. `gone`: people and groups that were let go within the last day;
    /// `approved`: those that an administrator let go.
    pub fn guard(
        &mut self,
        limits: GuardLimits,
        gone: (i64, i64),
        known: &Known,
        approved: &BTreeSet<(String, String)>,
    ) {
        let (leaving, free): (Vec<Step>, Vec<Step>) =
            std::mem::take(&mut self.leaving).into_iter().partition(|step| !is_approved(step, approved));
        self.leaving = free;
        let going = count(leaving.len()) + gone.0;
        let of = self.active + gone.0;
        let nobody_is_left = self.nobody && !leaving.is_empty();
        if !leaving.is_empty() && (nobody_is_left || limits.holds(going, of)) {
            let why = if nobody_is_left {
                format!("the source has nobody: {} people are held until an administrator approves", leaving.len())
            } else {
                format!("{going} of {of} people would be kept out: they are held until an administrator approves")
            };
            self.notes.push(why);
            self.keep_in(&leaving, known);
            self.told.extend(leaving.iter().map(|step| Step::Told(step.held())));
        } else {
            self.leaving.extend(leaving);
        }
        let (removing, free): (Vec<Step>, Vec<Step>) =
            std::mem::take(&mut self.removing).into_iter().partition(|step| !is_approved(step, approved));
        self.removing = free;
        let (going, of) = (count(removing.len()) + gone.1, count(known.groups.len()) + gone.1);
        let none_is_left = known.groups.len() > 1 && removing.len() == known.groups.len();
        if !removing.is_empty() && (none_is_left || limits.holds(going, of)) {
            self.notes.push(format!(
                "{going} of {of} groups would be removed: they are held until an administrator approves"
            ));
            self.keep_in(&removing, known);
            self.told.extend(removing.iter().map(|step| Step::Told(step.held())));
        } else {
            self.removing.extend(removing);
        }
        self.guard_members(limits, known, approved);
    }

    /// Whoever is held stays in the groups where they are: nothing happens to them.
    fn keep_in(&mut self, held: &[Step], known: &Known) {
        let mut by_id: BTreeMap<Id, &str> = BTreeMap::new();
        for step in held {
            let (_, external, _) = step.about();
            let id = known.people.get(external).and_then(|p| p.id);
            by_id.extend(id.or_else(|| known.groups.get(external).map(|g| g.id)).map(|id| (id, external)));
        }
        for step in &mut self.members {
            let Step::Members(group) = step else { continue };
            let Some(is) = known.groups.get(&group.external_id) else { continue };
            group
                .members
                .extend(is.members.iter().filter_map(|id| by_id.get(id)).map(|external| (*external).to_owned()));
        }
    }

    /// The steps in the order in which they are done.
    #[must_use]
    pub fn steps(self) -> Vec<Step> {
        [self.told, self.people, self.leaving, self.groups, self.members, self.removing].into_iter().flatten().collect()
    }
}

pub(crate) fn is_approved(step: &Step, approved: &BTreeSet<(String, String)>) -> bool {
    let (kind, external, _) = step.about();
    approved.contains(&(kind.word().to_owned(), external.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::found::Draft;

    fn person(n: usize, active: bool) -> Draft {
        Draft { external_id: n.to_string(), username: format!("p{n}"), active: Some(active), ..Draft::default() }
    }

    fn found(people: &[(usize, bool)]) -> Found {
        let mut out = Found::default();
        for (n, active) in people {
            out.person(person(*n, *active));
        }
        out
    }

    fn known(count: usize) -> Known {
        let mut out = Known::default();
        for n in 0..count {
            let read = person(n, true).person().unwrap().read;
            let mark = Mark { read, active: true, ..Mark::default() };
            let id = Some(format!("{n:024x}").parse().unwrap());
            out.people.insert(n.to_string(), KnownPerson { id, name: format!("p{n}"), mark, active: true });
        }
        out
    }

    #[test]
    fn who_is_as_before_is_left_alone_and_who_is_gone_leaves() {
        let plan = decide(found(&[(0, true), (1, false), (9, true), (8, false)]), &known(3), false);
        assert_eq!((plan.unchanged, plan.skipped, plan.people.len()), (1, 1, 1));
        let leaving: Vec<&str> = plan.leaving.iter().map(|step| step.about().1).collect();
        assert_eq!(leaving, ["1", "2"], "one is not let in there, one is not there");
    }

    #[test]
    fn the_guard_holds_many_at_once_and_a_source_that_has_nobody() {
        let limits = GuardLimits { count: 50, percent: 10 };
        let none = BTreeSet::new();
        for (there, of, held) in [(96, 100, 0), (94, 100, 0), (80, 100, 20), (0, 3, 3), (1, 3, 0)] {
            let people: Vec<_> = (0..there).map(|n| (n, true)).collect();
            let is = known(of);
            let mut plan = decide(found(&people), &is, false);
            plan.guard(limits, (0, 0), &is, &none);
            assert_eq!((plan.told.len(), plan.leaving.len()), (held, of - there - held), "{there} of {of}");
        }
    }

    #[test]
    fn a_few_at_a_time_are_counted_together_and_the_approved_go() {
        let (is, limits) = (known(100), GuardLimits { count: 50, percent: 10 });
        let people: Vec<_> = (0..94).map(|n| (n, true)).collect();
        let mut plan = decide(found(&people), &is, false);
        plan.guard(limits, (8, 0), &is, &BTreeSet::new());
        assert_eq!(plan.told.len(), 6);
        let approved: BTreeSet<_> = [("user".to_owned(), "94".to_owned())].into();
        let mut plan = decide(found(&people), &is, false);
        plan.guard(limits, (8, 0), &is, &approved);
        assert_eq!((plan.told.len(), plan.leaving.len()), (5, 1));
    }

    #[test]
    fn whoever_is_held_stays_in_their_groups() {
        let mut is = known(20);
        let all: BTreeSet<Id> = is.people.values().filter_map(|p| p.id).collect();
        let id = format!("{:024x}", 99).parse().unwrap();
        is.groups.insert("g".into(), KnownGroup { id, name: "G".into(), address: None, members: all });
        let people: Vec<_> = (0..10).map(|n| (n, true)).collect();
        let mut there = found(&people);
        let members = (0..9).map(|n| n.to_string()).collect();
        there.group(muster_directory::feed::take::Group {
            external_id: "g".into(),
            name: "G".into(),
            members,
            ..Default::default()
        });
        let mut plan = decide(there, &is, true);
        plan.guard(GuardLimits { count: 50, percent: 10 }, (0, 0), &is, &BTreeSet::new());
        let Some(Step::Members(group)) = plan.members.first() else { unreachable!() };
        assert_eq!(group.members.len(), 19, "nine, and the ten who are held; one has left the group");
        assert!(!group.members.contains(&"9".to_owned()));
    }

    #[test]
    fn a_group_that_cannot_be_read_is_not_gone_and_is_told() {
        let (mut there, mut is) = (found(&[(0, true)]), known(1));
        let id = format!("{:024x}", 99).parse().unwrap();
        for (external, name) in [("g", ""), ("h", "a\0b"), ("", "Nobody's")] {
            let group = muster_directory::feed::take::Group {
                external_id: external.into(),
                name: name.into(),
                ..Default::default()
            };
            there.group(group);
            let was = KnownGroup { id, name: format!("was {external}"), address: None, members: BTreeSet::new() };
            is.groups.insert(external.into(), was);
        }
        is.groups.remove("");
        let plan = decide(there, &is, true);
        assert!(plan.removing.is_empty());
        let told: Vec<&str> = plan.told.iter().map(|step| step.about().2).collect();
        assert_eq!(told, ["g", "ab", "Nobody's"]);
    }

    #[test]
    fn who_cannot_be_read_is_not_gone() {
        let mut there = found(&[(0, true)]);
        let one = Refused { external_id: "1".into(), name: "p1".into(), why: "it has no user name".into(), out: false };
        there.refused.push(one.clone());
        let plan = decide(there, &known(2), false);
        assert!(plan.leaving.is_empty());
        assert_eq!(plan.told.len(), 1);
        let mut there = found(&[(0, true)]);
        there.refused.push(Refused { out: true, ..one });
        let plan = decide(there, &known(2), false);
        assert!(plan.told.is_empty() && matches!(plan.leaving[..], [Step::Out { .. }]), "the source keeps them out");
    }
}
