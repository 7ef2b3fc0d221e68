//! Memberships as a derived fact: worked out in the transaction of the change that may alter them, each group after those
//! that it depends on, until nothing follows any more. A group that everybody has to be looked at for, in an organization
//! that is too large for one transaction, is noted and worked out in steps ([`super::progress`]).

use std::collections::BTreeMap;
use std::sync::Arc;

use muster_base::{Id, Micros};

use super::affected::{self, Affected, Whom};
use super::decide::{Outcome, Standing, decide};
use super::facts::{Facts, Needs};
use super::membership::{self, Membership, Suggested};
use super::ruleset::{self, Ready, RuleSet};
use super::table::Table;
use super::{GroupKind, Suggestion, Via, notify, progress, relation};
use crate::{Result, Source, Write, device, listing, user};

/// How many people or devices one transaction looks at for one group; more are taken up in steps.
pub const AT_ONCE_MAX: i64 = 10_000;
/// How many are loaded together.
const CHUNK: usize = 1_000;

/// Works out what follows from the changes logged so far.
pub(crate) async fn by_changes(w: &mut Write<'_>) -> Result<()> {
    let set = ruleset::of(w).await?;
    let (org, changes) = (w.org(), w.changes().to_vec());
    let affected = affected::by_changes(w, org, &set, &changes).await?;
    let (some, cause) = (!affected.is_empty(), w.cause_seq());
    if run(w, &set, affected, cause).await? && some {
        w.followed(0);
    }
    Ok(())
}

/// Works out the memberships of some people now, before the transaction ends.
pub(crate) async fn users(w: &mut Write<'_>, users: &[Id]) -> Result<()> {
    let set = ruleset::of(w).await?;
    let mut affected = Affected::default();
    set.derived(GroupKind::User).for_each(|place| affected.add(place, users.iter().copied()));
    let cause = w.cause_seq();
    run(w, &set, affected, cause).await.map(drop)
}

/// Works out everything that is affected, and what follows from it. `cause` is the number of the change. Whether nothing was
/// left to be worked out in steps.
pub(crate) async fn run(w: &mut Write<'_>, set: &Arc<RuleSet>, affected: Affected, cause: i64) -> Result<bool> {
    run_each(w, set, affected, &|_| cause).await
}

/// The same, where each group has a cause of its own.
pub(crate) async fn run_each(
    w: &mut Write<'_>,
    set: &Arc<RuleSet>,
    mut affected: Affected,
    cause_of: &(dyn Fn(Id) -> i64 + Sync),
) -> Result<bool> {
    if affected.is_empty() {
        return Ok(true);
    }
    let org = w.org();
    let mut at_once = true;
    let within = set.within(affected.places());
    let organization = w.organization().await?;
    let mut facts = Facts::of(organization, Needs::of(set), w.now()).within(within);
    let step = affected.step();
    let table = table(w, set, &affected, &mut facts).await?;
    while let Some((place, whom)) = affected.pop() {
        let Some(ready) = set.at(place) else { continue };
        // What its rule speaks of is not there: it holds its members.
        if !ready.flags.is_empty() {
            continue;
        }
        let cause = cause_of(ready.group.id);
        let ids = match whom {
            Whom::Some { in_step: false, more } => more.into_iter().collect(),
            Whom::Some { in_step: true, more } => {
                let narrowed = table.as_ref().and_then(|table| table.narrow(ready, &step, facts.moment()));
                let mut ids = narrowed.unwrap_or_else(|| step.to_vec());
                ids.extend(more.into_iter().filter(|id| step.binary_search(id).is_err()));
                ids
            }
            Whom::All => {
                membership::forget_outlook(w, ready.group.id).await?;
                if count(w, org, ready.group.kind).await? > AT_ONCE_MAX {
                    progress::begin(w, ready, cause).await?;
                    at_once = false;
                    continue;
                }
                progress::end(w, ready.group.id).await?;
                everybody(w, org, ready.group.kind).await?
            }
        };
        for chunk in ids.chunks(CHUNK) {
            let changed = group(w, ready, &mut facts, chunk, cause).await?;
            affected.follow(w, org, ready.dependents(), &changed).await?;
        }
    }
    Ok(at_once)
}

/// Those of a step as columns, once for all of its groups; nothing where there is no step.
async fn table(w: &mut Write<'_>, set: &RuleSet, affected: &Affected, facts: &mut Facts) -> Result<Option<Table>> {
    let (org, step) = (w.org(), affected.step());
    let mut groups = affected.places().filter_map(|place| set.at(place)).peekable();
    let Some(kind) = groups.peek().map(|ready| ready.group.kind).filter(|_| !step.is_empty()) else { return Ok(None) };
    for chunk in step.chunks(CHUNK) {
        facts.load(w, org, kind, chunk).await?;
    }
    Ok(Some(Table::new(facts, kind, groups, &step)))
}

/// How many there are of a kind.
pub(crate) async fn count(s: &mut impl Source, org: Id, kind: GroupKind) -> Result<i64> {
    match kind {
        GroupKind::User => listing::count::<user::User>(s, org).await,
        GroupKind::Device => listing::count::<device::Device>(s, org).await,
    }
}

/// The ids of all of a kind.
async fn everybody(s: &mut impl Source, org: Id, kind: GroupKind) -> Result<Vec<Id>> {
    let mut out: Vec<Id> = Vec::new();
    loop {
        let after = out.last().map_or_else(String::new, Id::text);
        let page = relation::some_after(s, org, kind, &after, CHUNK).await?;
        let is_last = page.len() < CHUNK;
        out.extend(page);
        if is_last {
            return Ok(out);
        }
    }
}

/// What is known of somebody with regard to a group.
pub(crate) fn standing(ready: &Ready, facts: &Facts, id: Id) -> Standing {
    let group = ready.group.id;
    let (included, excluded) = if ready.group.method.is_dynamic() {
        ready.ask(&facts.subject(ready.group.kind, id), facts.moment())
    } else {
        (false, false)
    };
    Standing {
        now: facts.membership(id, group).map(|m| m.via),
        exemption: facts.exemption(id, group).map(|e| e.mode),
        included,
        excluded,
        nested: ready.nested.iter().any(|nested| facts.membership(id, *nested).is_some()),
    }
}

/// The changes of one group's members, gathered to be written together.
#[derive(Default)]
struct Changes {
    begin: BTreeMap<&'static str, (Option<Via>, Vec<Id>)>,
    relabel: BTreeMap<&'static str, (Option<Via>, Vec<Id>)>,
    end: Vec<Id>,
    suggest: BTreeMap<Suggestion, Vec<Id>>,
    unsuggest: Vec<Id>,
}

impl Changes {
    fn membership(&mut self, id: Id, from: Option<Via>, to: Option<Via>) {
        let into = match (from, to) {
            (None, Some(_)) => &mut self.begin,
            (Some(from), Some(to)) if from != to => &mut self.relabel,
            (Some(_), None) => return self.end.push(id),
            _ => return,
        };
        let word = to.map_or("", Via::word);
        let entry = into.entry(word).or_default();
        entry.0 = to;
        entry.1.push(id);
    }

    fn suggestion(&mut self, id: Id, from: Option<&Suggested>, to: Option<Suggestion>) {
        if from.map(|s| s.op) == to {
            return;
        }
        if from.is_some() {
            self.unsuggest.push(id);
        }
        if let Some(op) = to {
            self.suggest.entry(op).or_default().push(id);
        }
    }

    async fn write(&self, w: &mut Write<'_>, group: Id, cause: i64) -> Result<()> {
        if !self.end.is_empty() {
            membership::end(w, group, &self.end, cause).await?;
        }
        for (via, ids) in self.begin.values() {
            if let Some(via) = via {
                membership::begin(w, group, ids, *via, cause).await?;
            }
        }
        for (via, ids) in self.relabel.values() {
            if let Some(via) = via {
                membership::set_via(w, group, ids, *via).await?;
            }
        }
        if !self.unsuggest.is_empty() {
            membership::drop_suggestions(w, group, &self.unsuggest).await?;
        }
        for (op, ids) in &self.suggest {
            membership::suggest(w, group, ids, *op, cause).await?;
        }
        Ok(())
    }

    /// Who came or went.
    fn moved(&self) -> Vec<Id> {
        self.begin.values().flat_map(|(_, ids)| ids).chain(&self.end).copied().collect()
    }
}

/// Brings the memberships of some in one group to what is right; tells who came or went.
async fn group(w: &mut Write<'_>, ready: &Ready, facts: &mut Facts, ids: &[Id], cause: i64) -> Result<Vec<Id>> {
    let (org, now) = (w.org(), w.now());
    let of = &ready.group;
    facts.load(w, org, of.kind, ids).await?;
    let reviewed = of.method == super::Method::DynamicReviewRequired;
    let suggested = if reviewed { membership::suggestions_of_each(w, org, ids).await? } else { Default::default() };
    let mut changes = Changes::default();
    let mut due = Vec::new();
    for id in ids.iter().copied() {
        // Removed in this very transaction.
        if !facts.has(of.kind, id) {
            continue;
        }
        let standing = standing(ready, facts, id);
        let Outcome { via, suggestion } = decide(of.method, standing);
        changes.membership(id, standing.now, via);
        if standing.now != via {
            let before = facts.membership(id, of.id);
            let since = |via| match before {
                Some(membership) => Membership { via, ..membership },
                None => Membership { via, since: now, since_seq: cause },
            };
            facts.set_membership(id, of.id, via.map(since));
        }
        if reviewed {
            changes.suggestion(id, suggested.get(&id).and_then(|by| by.get(&of.id)), suggestion);
        }
        if ready.is_timed() {
            due.push((id, next_turn(ready, facts, id)));
        }
    }
    if !changes.suggest.is_empty() {
        notify::if_first(w, ready).await?;
    }
    changes.write(w, of.id, cause).await?;
    membership::set_due(w, of.id, &due).await?;
    Ok(changes.moved())
}

/// When time alone changes what the rules say of somebody.
pub(crate) fn next_turn(ready: &Ready, facts: &Facts, id: Id) -> Option<Micros> {
    let subject = facts.subject(ready.group.kind, id);
    let by_rules = ready.group.queries().filter_map(|query| {
        muster_rules::next_turn(query.rule(), &subject, facts.moment()).map(|moment| Micros(moment.0))
    });
    by_rules.chain(facts.next_turn(ready.group.kind, id)).min()
}
