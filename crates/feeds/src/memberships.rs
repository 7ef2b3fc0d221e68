//! The guard over who leaves groups: a server leaves out, without a word, what its reader may not see, and a group that shows no
//! members looks as one that has none. Pure.

use std::collections::{BTreeMap, BTreeSet};

use muster_base::Id;
use muster_directory::feed::model::HANDFUL;
use muster_directory::feed::take::Step;
use muster_directory::feed::{GuardLimits, Outcome};
use serde_json::json;

use crate::plan::{Known, Plan, count, is_approved};

impl Plan {
    /// Lets the guard hold those who would leave groups, where they are too many of all memberships, or a group of some size shows
    /// no members any more. Who is gone or kept out has been counted as such, and is not counted again.
    pub(crate) fn guard_members(&mut self, limits: GuardLimits, known: &Known, approved: &BTreeSet<(String, String)>) {
        let judged = self.judged(known);
        // Whoever is out already loses nothing with a group.
        let out: BTreeSet<Id> = known.people.values().filter(|is| !is.active).filter_map(|is| is.id).collect();
        let counts = |id: &&Id| !judged.contains(*id) && !out.contains(*id);
        let there = known.groups.values().filter(|group| !judged.contains(&group.id));
        let sizes: Vec<usize> = there.map(|group| group.members.iter().filter(counts).count()).collect();
        let (of, had) = (count(sizes.iter().sum()), sizes.iter().filter(|size| **size > 0).count());
        let (mut leaving, mut going): (BTreeMap<String, BTreeSet<Id>>, i64) = (BTreeMap::new(), 0);
        let mut emptied: BTreeSet<String> = BTreeSet::new();
        for step in self.members.iter().filter(|step| !is_approved(step, approved)) {
            let Step::Members(group) = step else { continue };
            let Some(is) = known.groups.get(&group.external_id) else { continue };
            let wanted = known.ids(&group.members);
            let leave: BTreeSet<Id> =
                is.members.difference(&wanted).filter(|id| !judged.contains(id)).copied().collect();
            let counted = count(leave.iter().filter(counts).count());
            if counted == 0 {
                continue;
            }
            going += counted;
            if group.members.is_empty() {
                emptied.insert(group.external_id.clone());
            }
            leaving.insert(group.external_id.clone(), leave);
        }
        let shows_none = had > 1 && emptied.len() == had;
        if going > 0 && (shows_none || limits.holds(going, of)) {
            self.notes.push(format!(
                "{going} of {of} memberships of groups would end: they are held until an administrator approves"
            ));
        } else {
            leaving.retain(|group, leave| emptied.contains(group) && count(leave.len()) >= HANDFUL);
            if leaving.is_empty() {
                return;
            }
            self.notes.push(format!(
                "{} of the groups show no members any more: theirs are held until an administrator approves",
                leaving.len()
            ));
        }
        self.hold_members(&leaving, known);
    }

    /// Whoever would leave a group stays in it; who comes, comes.
    fn hold_members(&mut self, leaving: &BTreeMap<String, BTreeSet<Id>>, known: &Known) {
        let people = known.people.iter().filter_map(|(external, is)| Some((is.id?, external)));
        let names: BTreeMap<Id, &String> =
            people.chain(known.groups.iter().map(|(external, is)| (is.id, external))).collect();
        for step in &mut self.members {
            let (_, external, _) = step.about();
            let (Some(leave), Some(is)) = (leaving.get(external), known.groups.get(external)) else { continue };
            let fields = [("members".to_owned(), json!({"joins": 0, "leaves": leave.len()}))].into_iter().collect();
            self.told.push(Step::Told(Outcome { id: Some(is.id), fields, ..step.held() }));
            if let Step::Members(group) = step {
                group.members.extend(leave.iter().filter_map(|id| names.get(id)).map(|name| (*name).clone()));
            }
        }
    }

    /// The people and groups that go.
    fn judged(&self, known: &Known) -> BTreeSet<Id> {
        let mut judged: BTreeSet<Id> = BTreeSet::new();
        let absent = self.people.iter().filter(|step| matches!(step, Step::Leave { .. }));
        for step in self.leaving.iter().chain(&self.removing).chain(absent) {
            let (_, external, _) = step.about();
            let person = known.people.get(external).and_then(|is| is.id);
            judged.extend(person.or_else(|| known.groups.get(external).map(|is| is.id)));
        }
        judged
    }
}
