//! A group as the API shows it, with what belongs with it.

use std::collections::BTreeMap;

use axum::response::Response;
use http::HeaderMap;
use muster_base::Id;
use muster_directory::group::{Group, GroupKind, membership, progress, rule, ruleset::RuleSet, store};
use muster_directory::{Directory, fed_group};
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde_json::Value;

use super::model::{Extras, GroupOut};
use super::query::is_v2;
use crate::listed::{Listed, cut, select};
use crate::page::Page;

/// One group.
///
/// # Errors
/// 404.
pub(crate) async fn one(
    site: &Site,
    who: &AdminOrg,
    kind: GroupKind,
    id: Id,
    headers: &HeaderMap,
) -> Result<Json<GroupOut>, ApiError> {
    let group = store::of_kind(&mut site.directory().read(), who.org(), kind, id).await?;
    Ok(Json(whole(site.directory(), &group, is_v2(headers)).await?))
}

/// Shows a group with everything.
///
/// # Errors
/// The database's.
pub(super) async fn whole(directory: &Directory, group: &Group, v2: bool) -> Result<GroupOut, ApiError> {
    let mut s = directory.read();
    let (org, id) = (group.org, group.id);
    let nested = store::nested(&mut s, org).await?;
    let set = RuleSet::read(&mut s, org).await?;
    let text = async |query: &Option<muster_rules::MemberQuery>| match query {
        Some(query) => {
            let named = rule::with_names(&mut directory.read(), org, query.rule()).await?;
            Ok::<_, ApiError>(Some(muster_rules::language::write(&named)))
        }
        None => Ok(None),
    };
    let extras = Extras {
        exemptions: Some(store::exemptions(&mut s, org, id).await?),
        members: store::member_count(&mut s, org, id).await?,
        suggestions: membership::suggestion_counts(&mut s, org).await?.remove(&id).unwrap_or_default(),
        progress: progress::of(&mut s, org).await?.remove(&id),
        flags: set.get(id).map(|ready| ready.flags.iter().copied().collect()).unwrap_or_default(),
        nested: nested.get(&id).cloned().unwrap_or_default(),
        keeper: fed_group::store::keeper(&mut s, org, id).await?,
        texts: (text(&group.member_query).await?, text(&group.exclude_query).await?),
    };
    Ok(GroupOut::new(group, extras, v2))
}

/// A page of the groups of a kind, or of both.
///
/// # Errors
/// 400 on the query.
pub(crate) async fn page(
    site: &Site,
    who: &AdminOrg,
    kind: Option<GroupKind>,
    headers: &HeaderMap,
    page: &Page,
) -> Result<Response, ApiError> {
    let mut s = site.directory().read();
    let org = who.org();
    let counts = store::member_counts(&mut s, org).await?;
    let suggestions = membership::suggestion_counts(&mut s, org).await?;
    let running = progress::of(&mut s, org).await?;
    let set = RuleSet::read(&mut s, org).await?;
    let mut keepers = fed_group::store::keepers(&mut s, org).await?;
    let mut shown: BTreeMap<(String, Id), GroupOut> = BTreeMap::new();
    for ready in set.iter().filter(|ready| kind.is_none_or(|kind| ready.group.kind == kind)) {
        let group = &ready.group;
        let extras = Extras {
            members: counts.get(&group.id).copied().unwrap_or(0),
            suggestions: suggestions.get(&group.id).copied().unwrap_or_default(),
            progress: running.get(&group.id).copied(),
            flags: ready.flags.iter().copied().collect(),
            nested: ready.nested.clone(),
            keeper: keepers.remove(&group.id),
            ..Extras::default()
        };
        shown.insert((group.name.to_lowercase(), group.id), GroupOut::new(group, extras, is_v2(headers)));
    }
    let rows = shown.into_iter().map(|((_, id), row)| (id, row)).collect();
    let Listed { rows, total, link } = cut(site, page, rows, &["name", "description"])?;
    let rows: Vec<Value> = rows.iter().map(|row| select(row, &page.fields)).collect();
    Ok(Listed { rows, total, link }.bare())
}
