//! What pushed groups give of local groups: each is held by the local groups that the mapping names, so that the engine of
//! groups lets its members in and out. What they give of roles is in [`crate::derived_administrator`].

use std::collections::{BTreeMap, BTreeSet};

use muster_base::Id;

use super::{DirectoryProvider, RoleMapping};
use crate::{Error, Result, Verb, Write, fed_group, group};

/// Brings the local groups that are named now, or were named before, into line with the groups that the directory keeps.
pub(crate) async fn apply(w: &mut Write<'_>, provider: &DirectoryProvider, before: &[RoleMapping]) -> Result<()> {
    let now = &provider.doc.role_mappings;
    let mut wanted: BTreeMap<Id, BTreeSet<Id>> =
        now.iter().chain(before).filter_map(|mapping| Some((mapping.user_group?, BTreeSet::new()))).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let pushed: Vec<(Id, String)> = fed_group::store::names(w, w.org(), provider.id).await?;
    for (mapping, local) in now.iter().filter_map(|mapping| Some((mapping, mapping.user_group?))) {
        let name = mapping.group_norm();
        let meant = pushed.iter().filter(|(_, norm)| *norm == name).map(|(id, _)| *id);
        wanted.entry(local).or_default().extend(meant);
    }
    let theirs: BTreeSet<Id> = pushed.iter().map(|(id, _)| *id).collect();
    let nested = group::store::nested(w, w.org()).await?;
    for (local, wanted) in wanted {
        let held = nested.get(&local).cloned().unwrap_or_default();
        let mut next: Vec<Id> = held.iter().filter(|id| !theirs.contains(id)).copied().collect();
        next.extend(&wanted);
        if next.iter().collect::<BTreeSet<_>>() == held.iter().collect::<BTreeSet<_>>() {
            continue;
        }
        // Whoever made the mapping has confirmed what it gives.
        let input = group::Input { nested: Some(next), confirmed: true, ..group::Input::default() };
        match group::update::Update::of_users(local, input).run(w).await {
            // Removed since: there is nothing to give.
            Err(Error::Missing(_)) => {}
            other => drop(other?),
        }
    }
    Ok(())
}
