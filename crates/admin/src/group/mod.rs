//! Groups of people and of devices, as both kinds of routes answer ([`crate::user_group`], [`crate::system_group`]).

pub(crate) mod count;
pub(crate) mod explain;
pub(crate) mod members;
pub(crate) mod model;
mod named;
pub(crate) mod preview;
pub(crate) mod query;
pub(crate) mod show;
pub(crate) mod suggestions;
pub(crate) mod vocabulary;
pub(crate) mod within;
pub(crate) mod write;

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::request::Parts as RequestParts;
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
    /// Whether it is to be made though more of the organization joins than its settings let through unasked.
    #[serde(default)]
    confirmed: bool,
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
    let copy = Copy { kind, id, name: body.name, parts, confirmed: body.confirmed };
    let group = site.directory().write(who.actor(), who.org(), copy).await?;
    Ok(Json(show::whole(site.directory(), &group, is_v2(headers)).await?))
}

/// An exemption as it is set.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = GroupExempt)]
pub(crate) struct ExemptBody {
    #[serde(flatten)]
    exemption: ExemptionBody,
    /// Whether it is to be set though it moves more of the organization than its settings let through unasked.
    #[serde(default)]
    confirmed: bool,
}

/// `?confirmed=true`, of a request without a body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Confirmed(bool);

impl<S: Send + Sync> FromRequestParts<S> for Confirmed {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut RequestParts, _: &S) -> Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        match pairs.find(|(name, _)| name == "confirmed").as_ref().map(|(_, value)| &**value) {
            None | Some("false") => Ok(Self(false)),
            Some("true") => Ok(Self(true)),
            Some(_) => Err(ApiError::field("confirmed", "write true or false")),
        }
    }
}

/// The query, for the document.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) struct ConfirmedQuery {
    /// Whether it is to be done though it moves more of the organization than its settings let through unasked.
    confirmed: Option<bool>,
}

/// What becomes of somebody's exemption.
pub(crate) enum Exemption {
    /// It is set.
    Set(ExemptBody),
    /// It is lifted.
    Lift(Confirmed),
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
    asked: Exemption,
) -> Result<http::StatusCode, ApiError> {
    let (exempt, confirmed): (Option<Exempt>, bool) = match asked {
        Exemption::Set(ExemptBody { exemption, confirmed }) => {
            let body = ExemptionBody { id: member.text(), ..exemption };
            (ExemptionBody::read(kind, &[body])?.pop(), confirmed)
        }
        Exemption::Lift(Confirmed(confirmed)) => (None, confirmed),
    };
    let verb = SetExemption { kind, group, member, exempt, confirmed };
    site.directory().write(who.actor(), who.org(), verb).await?;
    Ok(http::StatusCode::NO_CONTENT)
}
