//! What groups are called here whose owners choose their names there: two may choose the same. Pure.

use std::collections::{BTreeMap, BTreeSet};

use muster_directory::feed::take::Group;

use crate::plan::KnownGroup;

fn norm(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Whose name several have, or who is called by another's address, is called by their own address; the group that has that
/// name here already keeps it, so that nobody takes it away.
pub fn settle(groups: &mut [Group], known: &BTreeMap<String, KnownGroup>) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for group in groups.iter() {
        *counts.entry(norm(&group.name)).or_default() += 1;
    }
    let addresses: BTreeSet<String> = groups.iter().filter_map(|group| group.address.clone()).collect();
    for group in groups {
        let Some(address) = group.address.clone().filter(|address| !address.is_empty()) else { continue };
        let name = norm(&group.name);
        let is_only = counts.get(&name) == Some(&1);
        let has_it = known.get(&group.external_id).is_some_and(|is| norm(&is.name) == name);
        let is_anothers = name != address && addresses.contains(&name);
        if name.is_empty() || is_anothers || !(is_only || has_it) {
            group.name = address;
        }
    }
}

#[cfg(test)]
mod tests {
    use muster_base::Id;

    use super::*;

    fn named(known: &[(&str, &str)], groups: &[(&str, &str, &str)]) -> Vec<String> {
        let id: Id = format!("{:024x}", 7).parse().unwrap();
        let is = |name: &str| KnownGroup { id, name: name.into(), address: None, members: BTreeSet::new() };
        let known = known.iter().map(|(external, name)| ((*external).to_owned(), is(name))).collect();
        let group = |(external, name, address): &(&str, &str, &str)| Group {
            external_id: (*external).into(),
            name: (*name).into(),
            address: Some((*address).into()),
            members: Vec::new(),
        };
        let mut groups: Vec<Group> = groups.iter().map(group).collect();
        settle(&mut groups, &known);
        groups.into_iter().map(|group| group.name).collect()
    }

    #[test]
    fn nobody_takes_the_name_of_a_group_that_has_it() {
        let two = [("1", "Sales", "sales@a.test"), ("2", "sales ", "own@a.test")];
        assert_eq!(named(&[("1", "Sales")], &two), ["Sales", "own@a.test"]);
        assert_eq!(named(&[("2", "Sales")], &two), ["sales@a.test", "sales "]);
        assert_eq!(named(&[], &two), ["sales@a.test", "own@a.test"], "neither was first");
        let called = [("1", "Sales", "sales@a.test"), ("2", "sales@a.test", "own@a.test"), ("3", " ", "all@a.test")];
        assert_eq!(named(&[], &called), ["Sales", "own@a.test", "all@a.test"]);
    }
}
