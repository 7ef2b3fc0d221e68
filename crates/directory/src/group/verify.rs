//! Recomputes every membership that is derived from nothing and compares: it must find no difference. By another way than the
//! memberships themselves: bitmaps over columns instead of one subject after the other. Run at the end of every test and by a
//! worker.

use std::collections::{BTreeMap, BTreeSet};

use muster_base::{Id, Micros};
use muster_rules::{Bitmap, Columns};

use super::decide::{Outcome, Standing, decide};
use super::facts::{Facts, Needs};
use super::membership;
use super::relation::some_after;
use super::ruleset::{Ready, RuleSet};
use super::{GroupKind, Method, Via, progress, store};
use crate::{Result, Source};

/// How many are compared at a time.
const CHUNK: usize = 2_000;

/// Each difference in words; empty when all is right. `now` is the present that durations are measured from.
///
/// # Errors
/// The database's.
pub async fn verify(s: &mut impl Source, org: Id, now: Micros) -> Result<Vec<String>> {
    let set = RuleSet::read(s, org).await?;
    let running = progress::of(s, org).await?;
    let mut wrong = Vec::new();
    for kind in [GroupKind::User, GroupKind::Device] {
        let mut after = String::new();
        loop {
            let ids = some_after(s, org, kind, &after, CHUNK).await?;
            let Some(last) = ids.last() else { break };
            after = last.text();
            let mut facts = Facts::new(s, org, Needs::of(&set), now).await?;
            facts.load(s, org, kind, &ids).await?;
            let columns = columns(&set, &facts, kind, &ids);
            for ready in set.iter().filter(|r| r.group.kind == kind && !running.contains_key(&r.group.id)) {
                let reviewed = ready.group.method == Method::DynamicReviewRequired;
                let suggested = match reviewed {
                    true => membership::suggestions(s, org, ready.group.id).await?,
                    false => Vec::new(),
                };
                let suggested = suggested.into_iter().map(|(id, of)| (id, of.op)).collect();
                wrong.extend(chunk(ready, &facts, &columns, &ids, &suggested));
            }
        }
    }
    wrong.extend(strangers(s, org, &set).await?);
    Ok(wrong)
}

fn columns(set: &RuleSet, facts: &Facts, kind: GroupKind, ids: &[Id]) -> Columns {
    let of_kind = set.iter().filter(|r| r.group.kind == kind && r.group.method.is_dynamic());
    let names: BTreeSet<&str> = of_kind.flat_map(|r| r.group.queries().flat_map(|q| q.rule().attributes())).collect();
    let mut columns = Columns::new(names);
    ids.iter().for_each(|id| columns.push(&facts.subject(kind, *id)));
    columns
}

fn chunk(
    ready: &Ready,
    facts: &Facts,
    columns: &Columns,
    ids: &[Id],
    suggested: &BTreeMap<Id, super::Suggestion>,
) -> Vec<String> {
    let group = &ready.group;
    if !ready.flags.is_empty() {
        return Vec::new();
    }
    let matches = |query: &Option<muster_rules::MemberQuery>| match query {
        Some(query) if group.method.is_dynamic() => columns.matches(query.rule(), facts.moment()),
        _ => Bitmap::new(columns.len(), false),
    };
    let (included, excluded) = (matches(&group.member_query), matches(&group.exclude_query));
    let mut wrong = Vec::new();
    for (n, id) in ids.iter().enumerate() {
        let now = facts.membership(*id, group.id).map(|m| m.via);
        let standing = Standing {
            now,
            exemption: facts.exemption(*id, group.id).map(|e| e.mode),
            included: included.has(n),
            excluded: excluded.has(n),
            nested: ready.nested.iter().any(|nested| facts.membership(*id, *nested).is_some()),
        };
        let Outcome { via, suggestion } = decide(group.method, standing);
        wrong.extend(difference(group.id, *id, now, via));
        if group.method == Method::DynamicReviewRequired && suggested.get(id).copied() != suggestion {
            wrong.push(format!("group {}: the suggestion about {id} should be {suggestion:?}", group.id));
        }
    }
    wrong
}

/// Members that are no person or device of this organization.
async fn strangers(s: &mut impl Source, org: Id, set: &RuleSet) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for kind in [GroupKind::User, GroupKind::Device] {
        let mut known = BTreeSet::new();
        let mut after = String::new();
        loop {
            let ids = some_after(s, org, kind, &after, CHUNK).await?;
            let Some(last) = ids.last() else { break };
            after = last.text();
            known.extend(ids);
        }
        for ready in set.iter().filter(|r| r.group.kind == kind) {
            let members = store::members(s, org, ready.group.id).await?;
            let strange = members.keys().filter(|id| !known.contains(id));
            wrong.extend(strange.map(|id| format!("group {}: {id} is a member and is not there", ready.group.id)));
        }
    }
    Ok(wrong)
}

fn difference(group: Id, member: Id, is: Option<Via>, should: Option<Via>) -> Option<String> {
    match (is, should) {
        (None, Some(_)) => Some(format!("group {group}: {member} should be a member")),
        (Some(_), None) => Some(format!("group {group}: {member} should not be a member")),
        (Some(is), Some(should)) if is != should => Some(format!(
            "group {group}: {member} is a member by \"{}\", which should be \"{}\"",
            is.word(),
            should.word()
        )),
        _ => None,
    }
}
