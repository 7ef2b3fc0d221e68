//! Who should have which role. Pure.

use std::collections::BTreeMap;

use muster_base::Id;

use crate::administrator::Role;

/// What a person has, or should have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// The directory provider that gives it.
    pub provider: Id,
    /// Its group.
    pub group: Id,
    /// What they may do.
    pub role: Role,
}

/// A pushed group that a mapping of its directory gives a role.
#[derive(Clone, Debug)]
pub struct Line {
    /// What it gives.
    pub gives: Given,
    /// Where the directory stands among others.
    pub rank: (i64, Id),
    /// How many people the mapping allows.
    pub limit: i64,
    /// Whether the group holds more than that.
    pub held: bool,
    /// Those in it whom the directory feeds and who may sign in; of a held one only those who have something now.
    pub people: Vec<Id>,
}

/// Who should have which role, by what is true and by what they have now: a held group gives nobody anything new.
#[must_use]
pub fn wanted(lines: &[Line], now: &BTreeMap<Id, Given>) -> BTreeMap<Id, Given> {
    // The highest role; of equal ones the source that it has now, so that nothing changes without need.
    let key = |(line, given): &(&Line, Given), had: Option<&Given>| {
        let stays = had.is_some_and(|had| (had.provider, had.group) == (given.provider, given.group));
        (given.role, stays, std::cmp::Reverse((line.rank, given.group)))
    };
    let mut best: BTreeMap<Id, (&Line, Given)> = BTreeMap::new();
    for line in lines {
        for person in &line.people {
            let had = now.get(person);
            let Some(given) = of_line(line, had) else { continue };
            let candidate = (line, given);
            if best.get(person).is_none_or(|other| key(&candidate, had) > key(other, had)) {
                best.insert(*person, candidate);
            }
        }
    }
    best.into_iter().map(|(person, (_, given))| (person, given)).collect()
}

/// What a group gives to somebody in it.
fn of_line(line: &Line, had: Option<&Given>) -> Option<Given> {
    if !line.held {
        return Some(line.gives);
    }
    let had = had.filter(|had| (had.provider, had.group) == (line.gives.provider, line.gives.group))?;
    Some(Given { role: had.role.min(line.gives.role), ..line.gives })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> Id {
        format!("{n:024x}").parse().unwrap()
    }

    fn given(provider: u8, group: u8, role: Role) -> Given {
        Given { provider: id(provider), group: id(group), role }
    }

    fn line(rank: i64, gives: Given, held: bool, people: &[u8]) -> Line {
        let people = people.iter().map(|n| id(*n)).collect();
        Line { gives, rank: (rank, gives.provider), limit: 1, held, people }
    }

    #[test]
    fn the_highest_of_several_roles() {
        let reads = line(1, given(1, 11, Role::ReadOnly), false, &[50, 51]);
        let all = line(2, given(2, 12, Role::Administrator), false, &[50]);
        let wanted = wanted(&[reads.clone(), all.clone()], &BTreeMap::new());
        assert_eq!(wanted, BTreeMap::from([(id(50), all.gives), (id(51), reads.gives)]));
    }

    #[test]
    fn of_equal_roles_the_one_there_is_stays_else_the_better_rank() {
        let (a, b) = (given(1, 11, Role::ReadOnly), given(2, 12, Role::ReadOnly));
        let lines = [line(5, a, false, &[50]), line(3, b, false, &[50])];
        assert_eq!(wanted(&lines, &BTreeMap::new())[&id(50)], b);
        assert_eq!(wanted(&lines, &BTreeMap::from([(id(50), a)]))[&id(50)], a);
    }

    #[test]
    fn a_held_group_gives_nothing_new_and_takes_nothing() {
        let all = given(1, 11, Role::Administrator);
        let held = [line(1, all, true, &[50, 51])];
        assert!(wanted(&held, &BTreeMap::new()).is_empty());
        let has = |role| BTreeMap::from([(id(50), Given { role, ..all })]);
        assert_eq!(wanted(&held, &has(Role::Administrator)), has(Role::Administrator));
        // Nor is what somebody has raised by it.
        assert_eq!(wanted(&held, &has(Role::ReadOnly)), has(Role::ReadOnly));
        // What another group gave is not this one's.
        let elsewhere = BTreeMap::from([(id(50), given(1, 12, Role::Administrator))]);
        assert!(wanted(&held, &elsewhere).is_empty());
    }
}
