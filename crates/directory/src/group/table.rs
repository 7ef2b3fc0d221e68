//! The people or devices of a step as columns: which of them a group has to look at at all. With a thousand groups almost
//! nobody is in or comes into any one of them, and asking each rule of each person is most of the work. Only narrows: what is
//! right for those who are left is decided as for everybody else. Pure.

use std::collections::{BTreeSet, HashMap};

use muster_base::Id;
use muster_rules::{Columns, Moment};

use super::facts::Facts;
use super::ruleset::Ready;
use super::{GroupKind, Method};

/// What is known of those of a step before anything of it is decided.
pub(crate) struct Table {
    columns: Columns,
    /// By group, who is in it or exempt from its rule, by number.
    special: HashMap<Id, BTreeSet<usize>>,
}

/// Whether a group can be narrowed: its members follow from attributes that nothing in the step changes. Memberships are
/// changed by the groups before it; reviews and moments are noted of those too who stay outside.
pub(crate) fn narrows(ready: &Ready) -> bool {
    let reads_groups = || {
        let mut attributes = ready.group.queries().flat_map(|query| query.rule().attributes());
        attributes.any(|name| name == "groups" || name.ends_with(".groups"))
    };
    ready.group.method == Method::DynamicAutomated && ready.nested.is_empty() && !ready.is_timed() && !reads_groups()
}

impl Table {
    /// Of these, who are loaded, for those of the groups that can be narrowed.
    pub(crate) fn new<'g>(facts: &Facts, kind: GroupKind, groups: impl Iterator<Item = &'g Ready>, ids: &[Id]) -> Self {
        let groups = groups.filter(|ready| ready.group.kind == kind && narrows(ready));
        let names: BTreeSet<&str> =
            groups.flat_map(|ready| ready.group.queries().flat_map(|query| query.rule().attributes())).collect();
        let mut columns = Columns::new(names);
        let mut special: HashMap<Id, BTreeSet<usize>> = HashMap::new();
        for (n, id) in ids.iter().enumerate() {
            columns.push(&facts.subject(kind, *id));
            for group in facts.special_groups(*id) {
                special.entry(group).or_default().insert(n);
            }
        }
        Self { columns, special }
    }

    /// Who is, or may come to be, in a group; `None` where all have to be asked.
    pub(crate) fn narrow(&self, ready: &Ready, ids: &[Id], now: Moment) -> Option<Vec<Id>> {
        if !narrows(ready) {
            return None;
        }
        let mut found = self.special.get(&ready.group.id).cloned().unwrap_or_default();
        if let Some(query) = &ready.group.member_query {
            found.extend(self.columns.matches(query.rule(), now).iter());
        }
        Some(found.into_iter().filter_map(|n| ids.get(n).copied()).collect())
    }
}
