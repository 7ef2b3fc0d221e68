//! How many people the routing policies send to each provider.

use std::collections::{BTreeMap, BTreeSet};

use muster_base::Id;
use muster_directory::routing::{Policy, Target};
use muster_directory::{Directory, group, identity_provider, routing};

/// The number of people by provider; providers nobody is sent to are absent.
///
/// # Errors
/// The database's.
pub(super) async fn counts(directory: &Directory, org: Id) -> muster_directory::Result<BTreeMap<Id, usize>> {
    let policies = routing::store::all(&mut directory.read(), org).await?;
    let providers = identity_provider::store::all(&mut directory.read(), org).await?;
    let on: BTreeSet<Id> = providers.into_iter().filter(|p| p.enabled).map(|p| p.id).collect();
    let mut members: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for target in policies.iter().flat_map(|p| &p.targets) {
        if let Target::Group(id) = target
            && !members.contains_key(id)
        {
            let of = group::store::members(&mut directory.read(), org, *id).await?;
            members.insert(*id, of.into_keys().collect());
        }
    }
    Ok(count(&policies, &on, &members))
}

/// The first policy that names a person wins. Pure.
fn count(policies: &[Policy], on: &BTreeSet<Id>, members: &BTreeMap<Id, Vec<Id>>) -> BTreeMap<Id, usize> {
    let mut routed: BTreeSet<Id> = BTreeSet::new();
    let mut out = BTreeMap::new();
    for policy in policies.iter().filter(|p| p.enabled && on.contains(&p.idp)) {
        let people = policy.targets.iter().flat_map(|target| match target {
            Target::User(id) => vec![*id],
            Target::Group(id) => members.get(id).cloned().unwrap_or_default(),
        });
        for person in people {
            if routed.insert(person) {
                *out.entry(policy.idp).or_insert(0) += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_base::Micros;

    fn id(n: u8) -> Id {
        format!("{n:024x}").parse().unwrap()
    }

    fn policy(n: u8, idp: u8, enabled: bool, targets: Vec<Target>) -> Policy {
        Policy {
            org: id(0),
            id: id(n),
            name: String::new(),
            description: String::new(),
            enabled,
            position: i64::from(n),
            idp: id(idp),
            targets,
            created_at: Micros(0),
        }
    }

    #[test]
    fn each_person_counts_once_for_the_first_policy() {
        let members = BTreeMap::from([(id(50), vec![id(100), id(101)])]);
        let policies = [
            policy(1, 9, false, vec![Target::Group(id(50))]),
            policy(2, 10, true, vec![Target::User(id(100))]),
            policy(3, 11, true, vec![Target::Group(id(50)), Target::User(id(102))]),
            policy(4, 12, true, vec![Target::User(id(103))]),
        ];
        let on = BTreeSet::from([id(9), id(10), id(11)]);
        assert_eq!(count(&policies, &on, &members), BTreeMap::from([(id(10), 1), (id(11), 2)]));
    }
}
