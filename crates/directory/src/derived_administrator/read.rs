//! Reads what the roles follow from.

use std::collections::{BTreeMap, BTreeSet};

use muster_base::Id;

use super::model::{Given, Line};
use super::store;
use crate::directory_provider::DirectoryProvider;
use crate::{Result, Source};

/// The groups that the mappings of these directories give roles, with who is in them. Nothing of a directory that is
/// turned off.
pub(super) async fn lines(
    s: &mut impl Source,
    org: Id,
    providers: &[DirectoryProvider],
    now: &BTreeMap<Id, Given>,
) -> Result<Vec<Line>> {
    let have: BTreeSet<Id> = now.keys().copied().collect();
    let mut out = Vec::new();
    for provider in providers.iter().filter(|provider| provider.doc.active) {
        let roles: Vec<_> = provider.doc.role_mappings.iter().filter_map(|m| Some((m, m.role?))).collect();
        if roles.is_empty() {
            continue;
        }
        let names: Vec<String> = roles.iter().map(|(m, _)| m.group_norm()).collect();
        let asked: Vec<&str> = names.iter().map(String::as_str).collect();
        let groups = store::groups(s, org, provider.id, &asked).await?;
        for ((mapping, role), name) in roles.iter().zip(&names) {
            let Some(group) = groups.get(name).copied() else { continue };
            let limit = mapping.limit();
            let held = store::exceeds(s, org, group, limit).await?;
            let people = store::eligible(s, org, (provider.id, group), held.then_some(&have)).await?;
            let gives = Given { provider: provider.id, group, role: *role };
            out.push(Line { gives, rank: provider.rank(), limit, held, people });
        }
    }
    Ok(out)
}
