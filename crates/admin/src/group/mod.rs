//! Groups of people and of devices, as both kinds of routes answer ([`crate::user_group`], [`crate::system_group`]).

pub(crate) mod explain;
pub(crate) mod members;
pub(crate) mod model;
mod named;
pub(crate) mod preview;
pub(crate) mod query;
pub(crate) mod show;
pub(crate) mod suggestions;
pub(crate) mod vocabulary;
pub(crate) mod write;

use http::HeaderMap;
use muster_base::Id;
use muster_directory::group::copy::{Copy, Parts};
use muster_directory::group::create::Create;
use muster_directory::group::delete::Delete;
use muster_directory::group::update::{SetExemption, Update};
use muster_directory::group::{Exempt, GroupKind, store};
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Deserialize;
use utoipa::ToSchema;

use self::model::GroupOut;
use self::query::{ExemptionBody, is_v2};
use self::write::GroupWrite;

/// Makes a group.
///
/// # Errors
/// 400 on what cannot be saved, 409 on a name that is taken.
pub(crate) async fn create(
    site: &Site,
    who: &AdminOrg,
    kind: GroupKind,
    headers: &HeaderMap,
    body: &GroupWrite,
) -> Result<Json<GroupOut>, ApiError> {
    let directory = site.directory();
    let input = body.input(kind, headers)?;
    let group = directory.write(who.actor(), who.org(), Create { kind, input }).await?;
    Ok(Json(show::whole(directory, &group, is_v2(headers)).await?))
}

/// Changes a group: v2's PUT replaces.
///
/// # Errors
/// 400 on what cannot be saved, 404, 409 on a name that is taken.
pub(crate) async fn update(
    site: &Site,
    who: &AdminOrg,
    kind: GroupKind,
    id: Id,
    headers: &HeaderMap,
    body: &GroupWrite,
) -> Result<Json<GroupOut>, ApiError> {
    let directory = site.directory();
    let before = store::of_kind(&mut directory.read(), who.org(), kind, id).await?;
    let input = body.input(kind, headers)?;
    let (old, new) = (&before.doc.attributes.posix_groups, input.attributes.as_ref().map(|a| &a.posix_groups));
    if !old.is_empty() && new.is_some_and(|n| !n.is_empty() && n != old) {
        return Err(ApiError::field("attributes.posixGroups", "existing attribute posixGroups may not be changed"));
    }
    let group = directory.write(who.actor(), who.org(), Update { kind, id, input }).await?;
    Ok(Json(show::whole(directory, &group, is_v2(headers)).await?))
}

/// Removes a group.
///
/// # Errors
/// 404.
pub(crate) async fn delete(
    site: &Site,
    who: &AdminOrg,
    kind: GroupKind,
    id: Id,
    headers: &HeaderMap,
) -> Result<Json<GroupOut>, ApiError> {
    let out = show::one(site, who, kind, id, headers).await?;
    site.directory().write(who.actor(), who.org(), Delete { kind, id }).await?;
    Ok(out)
}

/// What of a group is copied; everything but members by hand, where nothing is said.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = GroupCopy)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CopyBody {
    /// The copy's name.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// The rule, and the method with it.
    #[serde(default = "yes")]
    rule: bool,
    /// The rule of who is kept out.
    #[serde(default = "yes")]
    exclusions: bool,
    /// Whom the rule does not decide.
    #[serde(default = "yes")]
    exemptions: bool,
    /// The groups that it holds.
    #[serde(default = "yes")]
    member_groups: bool,
    /// Who is in by hand; only where the rule is not copied.
    #[serde(default)]
    members: bool,
    /// The applications that it opens.
    #[serde(default = "yes")]
    bindings: bool,
}

const fn yes() -> bool {
    true
}

/// Copies a group.
///
/// # Errors
/// 400, 404, 409 on a name that is taken.
pub(crate) async fn copy(
    site: &Site,
    who: &AdminOrg,
    kind: GroupKind,
    id: Id,
    headers: &HeaderMap,
    body: CopyBody,
) -> Result<Json<GroupOut>, ApiError> {
    let parts = Parts {
        rule: body.rule,
        exclusions: body.exclusions,
        exemptions: body.exemptions,
        nested: body.member_groups,
        members: body.members,
        bindings: body.bindings,
    };
    let copy = Copy { kind, id, name: body.name, parts };
    let group = site.directory().write(who.actor(), who.org(), copy).await?;
    Ok(Json(show::whole(site.directory(), &group, is_v2(headers)).await?))
}

/// Exempts one more, in the place of what exempted them before; `None` lifts it.
///
/// # Errors
/// 400, 404.
pub(crate) async fn exempt(
    site: &Site,
    who: &AdminOrg,
    kind: GroupKind,
    group: Id,
    member: Id,
    body: Option<ExemptionBody>,
) -> Result<http::StatusCode, ApiError> {
    let exempt: Option<Exempt> = match body {
        Some(body) => ExemptionBody::read(kind, &[ExemptionBody { id: member.text(), ..body }])?.pop(),
        None => None,
    };
    site.directory().write(who.actor(), who.org(), SetExemption { kind, group, member, exempt }).await?;
    Ok(http::StatusCode::NO_CONTENT)
}
