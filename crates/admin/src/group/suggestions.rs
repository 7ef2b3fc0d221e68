//! What a rule suggests in a group whose administrators decide, and deciding about it.

use axum::response::Response;
use muster_base::Id;
use muster_directory::group::suggestion::{Decide, Decided};
use muster_directory::group::{GroupKind, membership, store};
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::named::{self, Named};
use crate::graph::{GraphObject, GraphType};
use crate::id::Time;
use crate::listed::cut;
use crate::page::Page;

/// A suggestion.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MemberSuggestion)]
pub(crate) struct SuggestionOut {
    /// About whom.
    object: GraphObject,
    /// `add` or `remove`.
    #[schema(pattern = "^(add|remove)$")]
    op: &'static str,
    /// Whether an administrator said no: it stays so until the rule says otherwise.
    rejected: bool,
    /// Since when.
    since: Time,
    /// By name.
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<Named>,
}

/// A page of what is suggested.
///
/// # Errors
/// 404.
pub(crate) async fn list(
    site: &Site,
    who: &AdminOrg,
    kind: GroupKind,
    group: Id,
    page: &Page,
) -> Result<Response, ApiError> {
    let mut s = site.directory().read();
    store::of_kind(&mut s, who.org(), kind, group).await?;
    let found = membership::suggestions(&mut s, who.org(), group).await?;
    let ids: Vec<Id> = found.iter().map(|(id, _)| *id).collect();
    let mut names = named::of(&mut s, who.org(), kind, &ids).await?;
    let rows = found.into_iter().map(|(id, of)| {
        let out = SuggestionOut {
            object: GraphObject::new(GraphType::member(kind), id),
            op: of.op.word(),
            rejected: of.rejected,
            since: of.since.into(),
            member: names.remove(&id),
        };
        (id, out)
    });
    Ok(cut(site, page, rows.collect(), &[])?.bare())
}

/// Whom to decide about; all that wait, when nobody is named.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = MemberSuggestionsPost)]
pub(crate) struct DecideBody {
    /// Of a user group.
    #[serde(default)]
    #[schema(max_items = 10000)]
    user_ids: Vec<String>,
    /// Of a device group.
    #[serde(default)]
    #[schema(max_items = 10000)]
    system_ids: Vec<String>,
    /// Decides about all that wait.
    #[serde(default)]
    all: bool,
    /// Whether it is to be done though more of the organization joins or leaves than its settings let through unasked.
    #[serde(default)]
    confirmed: bool,
}

/// What came of it.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = MemberSuggestionsPostResult)]
pub(crate) struct DecideOut {
    /// Those about whom was decided.
    suggestions_found: Vec<String>,
    /// Those of whom nothing is suggested.
    suggestions_not_found: Vec<String>,
}

/// Accepts or rejects.
///
/// # Errors
/// 400 where nobody is named or nothing can be suggested, 404.
pub(crate) async fn decide(
    site: &Site,
    who: &AdminOrg,
    kind: GroupKind,
    group: Id,
    body: &DecideBody,
    accept: bool,
) -> Result<Json<DecideOut>, ApiError> {
    let (named, field) = match kind {
        GroupKind::User => (&body.user_ids, "user_ids"),
        GroupKind::Device => (&body.system_ids, "system_ids"),
    };
    if named.is_empty() && !body.all {
        let message = "name at least one, or write \"all\": true to decide about all that wait";
        return Err(ApiError::field(field, message));
    }
    if named.len() > 10_000 {
        return Err(ApiError::field(field, "at most 10000 at a time"));
    }
    let members: Vec<Id> = named.iter().filter_map(|id| id.parse().ok()).collect();
    let unreadable = named.iter().filter(|id| id.parse::<Id>().is_err()).cloned();
    let before = if body.all { Vec::new() } else { members.clone() };
    if before.is_empty() && !body.all {
        return Ok(Json(DecideOut { suggestions_not_found: unreadable.collect(), ..DecideOut::default() }));
    }
    let decide = Decide { kind, group, members: before, accept, confirmed: body.confirmed };
    let Decided { added, removed, unknown, .. } = site.directory().write(who.actor(), who.org(), decide).await?;
    let mut found: Vec<String> = added.iter().chain(&removed).map(|id| id.text()).collect();
    if !accept {
        found = members.iter().filter(|id| !unknown.contains(id)).map(|id| id.text()).collect();
    }
    let not_found = unknown.iter().map(|id| id.text()).chain(unreadable).collect();
    Ok(Json(DecideOut { suggestions_found: found, suggestions_not_found: not_found }))
}
