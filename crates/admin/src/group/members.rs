//! A group's members: as edges of the graph, by name, and put in and out by hand.

use axum::response::Response;
use http::StatusCode;
use muster_base::Id;
use muster_directory::Error;
use muster_directory::group::members::Change;
use muster_directory::group::membership::ByName;
use muster_directory::group::{GroupKind, membership, store};
use muster_http::{AdminOrg, ApiError, Site};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::named::{self, Named};
use super::within;
use crate::graph::{GraphConnection, GraphObjectWithPaths, GraphOperation, GraphType, MemberKind, Op};
use crate::id::Time;
use crate::listed::{Listed, cut};
use crate::page::Page;

/// The members as edges.
///
/// # Errors
/// 404.
pub(crate) async fn edges(
    site: &Site,
    who: &AdminOrg,
    kind: GroupKind,
    id: Id,
    page: &Page,
) -> Result<Response, ApiError> {
    let members = all(site, who, kind, id, page).await?;
    let edge = |member| (member, GraphConnection::to(GraphType::member(kind), member));
    Ok(cut(site, page, members.into_iter().map(edge).collect(), &[])?.bare())
}

/// The members with their paths.
///
/// # Errors
/// 404.
pub(crate) async fn paths(
    site: &Site,
    who: &AdminOrg,
    kind: GroupKind,
    id: Id,
    page: &Page,
) -> Result<Response, ApiError> {
    let members = all(site, who, kind, id, page).await?;
    let path = |member| (member, GraphObjectWithPaths::direct(GraphType::member(kind), member));
    Ok(cut(site, page, members.into_iter().map(path).collect(), &[])?.bare())
}

async fn all(site: &Site, who: &AdminOrg, kind: GroupKind, id: Id, page: &Page) -> Result<Vec<Id>, ApiError> {
    let mut s = site.directory().read();
    store::of_kind(&mut s, who.org(), kind, id).await?;
    let mut members: Vec<Id> = store::members(&mut s, who.org(), id).await?.into_keys().collect();
    if let Some(within) = within::ids(site, who, kind, page).await? {
        members.retain(|id| within.binary_search(id).is_ok());
    }
    Ok(members)
}

/// Puts somebody in or takes them out.
///
/// # Errors
/// As JumpCloud: 400 on an unknown group, 404 on an unknown person or device, 409 on a member.
pub(crate) async fn change(
    site: &Site,
    who: &AdminOrg,
    kind: GroupKind,
    group: Id,
    body: &GraphOperation<MemberKind>,
) -> Result<StatusCode, ApiError> {
    let mut s = site.directory().read();
    match store::of_kind(&mut s, who.org(), kind, group).await {
        Err(Error::Missing(what)) => {
            return Err(ApiError::new(StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", format!("{what} not found")));
        }
        found => drop(found?),
    }
    if body.kind.of() != kind {
        return Err(ApiError::field("type", format!("a member of this group is a {}", kind.member())));
    }
    let member = body.object()?;
    if body.op == Op::Update {
        let members = store::members(&mut s, who.org(), group).await?;
        return if members.contains_key(&member) { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::not_found()) };
    }
    let add = body.op == Op::Add;
    site.directory().write(who.actor(), who.org(), Change { kind, group, member, add }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A member.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GroupMember)]
pub(crate) struct Member {
    #[serde(flatten)]
    name: Named,
    /// `direct`, `rule`, `exemption` or `nested`.
    #[schema(pattern = "^(direct|rule|exemption|nested)$")]
    via: &'static str,
    since: Time,
}

/// A page of members.
#[derive(Serialize, ToSchema)]
#[schema(as = GroupMembers)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Members {
    /// The members, by name.
    results: Vec<Member>,
    /// How many there are in all.
    total_count: i64,
}

/// The query, for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) struct MembersQuery {
    /// Occurs in the names or the e-mail.
    search: Option<String>,
    /// A rule as text that the members who are listed meet.
    #[param(max_length = 2048)]
    expression: Option<String>,
    /// Rows at most: 10 when nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
    /// Rows passed over.
    #[param(minimum = 0)]
    skip: Option<i64>,
}

/// The members by name, with how and since when they are in: the console's table. The page is cut by the database, so that
/// a group of a hundred thousand is as quick as one of ten.
///
/// # Errors
/// 404.
pub(crate) async fn by_name(
    site: &Site,
    who: &AdminOrg,
    kind: GroupKind,
    id: Id,
    page: &Page,
) -> Result<Response, ApiError> {
    let mut s = site.directory().read();
    store::of_kind(&mut s, who.org(), kind, id).await?;
    let within = within::ids(site, who, kind, page).await?;
    let term = page.search.as_deref().unwrap_or_default();
    let asked = ByName { kind, group: id, term, limit: page.limit, skip: page.skip, among: within.as_deref() };
    let (found, total) = membership::members_by_name(&mut s, who.org(), &asked).await?;
    let ids: Vec<Id> = found.iter().map(|(id, _)| *id).collect();
    let mut names = named::of(&mut s, who.org(), kind, &ids).await?;
    let rows = found.into_iter().filter_map(|(id, membership)| {
        let name = names.remove(&id)?;
        Some(Member { name, via: membership.via.word(), since: membership.since.into() })
    });
    Ok(Listed { rows: rows.collect(), total, link: None }.wrapped("results"))
}
