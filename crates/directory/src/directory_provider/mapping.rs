//! What pushed groups give of local groups: each is held by the local groups that the mapping names, so that the engine of
//! groups lets its members in and out. What they give of roles is in [`crate::derived_administrator`].

use std::collections::{BTreeMap, BTreeSet};

use muster_base::Id;
use serde_json::json;

use super::{DirectoryProvider, ProviderType, RoleMapping, store};
use crate::change::{Kind, Subject};
use crate::{Error, FieldError, Result, Verb, Write, fed_group, group};

/// Brings the local groups that are named now, or were named before, into line with the groups that the directory keeps.
pub(crate) async fn apply(w: &mut Write<'_>, provider: &DirectoryProvider, before: &[RoleMapping]) -> Result<()> {
    apply_each(w, provider, before).await?.into_iter().next().map_or(Ok(()), |(_, error)| Err(error))
}

/// The same, where a local group that cannot be brought into line keeps no other from it: which cannot, and why.
pub(crate) async fn apply_each(
    w: &mut Write<'_>,
    provider: &DirectoryProvider,
    before: &[RoleMapping],
) -> Result<Vec<(Id, Error)>> {
    let mut refused = Vec::new();
    let now = &provider.doc.role_mappings;
    let mut wanted: BTreeMap<Id, BTreeSet<Id>> =
        now.iter().chain(before).filter_map(|mapping| Some((mapping.user_group?, BTreeSet::new()))).collect();
    if wanted.is_empty() {
        return Ok(refused);
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
            // All of it is found before the first statement that writes.
            Err(error @ (Error::Invalid(_) | Error::Conflict(_) | Error::Denied(_))) => refused.push((local, error)),
            other => drop(other?),
        }
    }
    Ok(refused)
}

/// Names groups of Google Workspace by their addresses: what a group there is called is chosen by whoever owns it, and two may
/// be called the same. The name of a group that is here stands for its address.
pub(super) async fn by_addresses(w: &mut Write<'_>, provider: &mut DirectoryProvider) -> Result<()> {
    if provider.kind != ProviderType::GoogleWorkspace {
        return Ok(());
    }
    let mut problems = Vec::new();
    for (i, mapping) in provider.doc.role_mappings.iter_mut().enumerate().filter(|(_, m)| !m.group.contains('@')) {
        let here = fed_group::store::by_name(w, w.org(), provider.id, mapping.group.trim()).await?;
        match here.into_iter().find_map(|group| group.address) {
            Some(address) => mapping.group = address,
            None => {
                let message = "the address of a group, such as sales@example.com: who owns it chooses its name";
                problems.push(FieldError::new(format!("roleMappings[{i}].group"), message));
            }
        }
    }
    Error::unless_empty(problems)
}

/// The group that was called so is meant by its address from now on.
pub(crate) async fn follow(w: &mut Write<'_>, provider: Id, name: &str, address: &str) -> Result<()> {
    let before = store::get(w, w.org(), provider).await?;
    let (mut after, name) = (before.clone(), name.trim().to_lowercase());
    for mapping in after.doc.role_mappings.iter_mut().filter(|mapping| mapping.group_norm() == name) {
        address.clone_into(&mut mapping.group);
    }
    if after.doc == before.doc {
        return Ok(());
    }
    store::update(w, &after).await?;
    let fields = json!({"roleMappings": {"from": before.doc.role_mappings, "to": after.doc.role_mappings}});
    w.log(Kind::DirectoryProviderUpdate, Subject::directory_provider(provider), fields);
    Ok(())
}
