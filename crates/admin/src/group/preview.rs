//! What saving a group would do, before it is saved.

use http::HeaderMap;
use muster_base::Id;
use muster_directory::group::create::blank;
use muster_directory::group::preview::{self, Change, Draft};
use muster_directory::group::{Exemption, Group, GroupKind, Method, Suggestion, rule, ruleset::RuleSet, store};
use muster_directory::organization;
use muster_http::{AdminOrg, ApiError, Json, Site};
use muster_rules::{MemberQuery, Problem};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::named::{self, Named};
use super::query::{self, ExemptionBody, QueryForm};
use super::write::read_groups;
use crate::id::ObjectId;

/// How many people or devices a preview names; the counts are always over all.
const NAMED_MAX: usize = 1_000;

/// What would be saved.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = GroupPreviewRequest)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PreviewRequest {
    /// The group, when it is there already.
    #[schema(value_type = Option<ObjectId>)]
    group_id: Option<String>,
    /// How members would come: by the rule, when it is left out.
    membership_method: Option<Method>,
    /// The rule.
    #[schema(value_type = Option<QueryForm>)]
    member_query: Option<Value>,
    /// Who would be kept out; as saved, when it is left out.
    #[serde(default, deserialize_with = "super::write::present")]
    #[schema(value_type = Option<QueryForm>)]
    exclude_query: Option<Value>,
    /// The groups whose members would be members; as saved, when they are left out.
    #[schema(value_type = Option<Vec<ObjectId>>)]
    member_groups: Option<Vec<String>>,
    /// All exemptions; as saved, when they are left out.
    member_query_exemptions: Option<Vec<ExemptionBody>>,
    /// Names only those in whose names this occurs.
    #[schema(max_length = 200)]
    search: Option<String>,
    /// Passes over so many.
    #[schema(minimum = 0)]
    skip: Option<u32>,
    /// Names so many at most.
    #[schema(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// What would become of a membership.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = PreviewChange)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ChangeOut {
    /// Not a member now, one after saving.
    Joins,
    /// A member now, none after saving.
    Leaves,
    /// A member before and after.
    Stays,
    /// Would be suggested to be put in.
    SuggestedAdd,
    /// Would be suggested to be taken out.
    SuggestedRemove,
}

impl From<Change> for ChangeOut {
    fn from(change: Change) -> Self {
        match change {
            Change::Joins => Self::Joins,
            Change::Leaves => Self::Leaves,
            Change::Stays => Self::Stays,
            Change::Suggested(Suggestion::Add) => Self::SuggestedAdd,
            Change::Suggested(Suggestion::Remove) => Self::SuggestedRemove,
        }
    }
}

/// Somebody whom saving would concern.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PreviewMember {
    #[serde(flatten)]
    name: Named,
    change: ChangeOut,
}

/// Something that follows: another group, an application, a routing policy.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PreviewEffect {
    id: ObjectId,
    name: String,
    /// How many come into it, or gain it.
    gains: usize,
    /// How many leave it, or lose it.
    loses: usize,
}

/// Something wrong with a rule.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RuleProblem {
    /// Where, as a path into the body.
    path: String,
    /// What, and the fix.
    message: String,
}

/// What saving would do.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = GroupPreview)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Preview {
    /// How many members there would be.
    total_count: usize,
    joins: usize,
    leaves: usize,
    stays: usize,
    /// How many would be suggested, to add and to remove.
    suggestions: usize,
    /// How many people or devices the organization has.
    population: i64,
    /// Whether so great a part of the organization joins or leaves that it should be confirmed twice.
    needs_confirmation: bool,
    /// Those concerned, those who leave first, then who joins, then who stays.
    members: Vec<PreviewMember>,
    /// Other groups that follow.
    groups: Vec<PreviewEffect>,
    /// Applications that people gain or lose.
    applications: Vec<PreviewEffect>,
    /// Those of the applications that accounts are sent to: how many accounts are made there, and how many taken away.
    accounts: Vec<PreviewEffect>,
    /// Routing policies that people come under or no longer do.
    routing_policies: Vec<PreviewEffect>,
    /// Of a user group: the devices of the people who join (gains) or leave (loses), by how many of those each is bound with;
    /// of a device group: the people of the devices. The most concerned, at most 50.
    device_bindings: Vec<PreviewEffect>,
    /// How many of those there are.
    device_binding_count: usize,
    /// Custom attributes of the rule that nobody has: perhaps misspelt.
    unused_attributes: Vec<String>,
    /// Why it cannot be saved as it is.
    problems: Vec<RuleProblem>,
}

/// What saving would do.
///
/// # Errors
/// 404 on a group or person that is not there, 400 on what cannot be read.
pub(crate) async fn preview(
    site: &Site,
    who: &AdminOrg,
    kind: GroupKind,
    headers: &HeaderMap,
    body: &PreviewRequest,
) -> Result<Json<Preview>, ApiError> {
    let mut s = site.directory().read();
    let (org, now) = (who.org(), site.directory().env().clock.now());
    let saved = match &body.group_id {
        None => None,
        Some(text) => {
            let id = text.parse().map_err(|_| ApiError::not_found())?;
            Some(store::of_kind(&mut s, org, kind, id).await?)
        }
    };
    let (exemptions, nested) = stands(site, who, kind, saved.as_ref(), body).await?;
    let group = match drafted(site, who, kind, saved.as_ref(), headers, body).await? {
        Ok(group) => group,
        Err(problems) => return Ok(Json(refused(problems))),
    };
    let problems = problems(site, &group, &nested).await?;
    if !problems.is_empty() {
        return Ok(Json(refused(problems)));
    }
    let draft = Draft { group: &group, saved: saved.as_ref().map(|g| g.id), nested: &nested, exemptions: &exemptions };
    let found = preview::preview(&mut s, &draft, now).await?;
    let settings = organization::store::get(&mut s, org).await?.settings.group_changes;
    let schema = rule::schema(&mut s, org, kind).await?;
    let effects = |list: &[(Id, String, usize, usize)]| {
        let one = |(id, name, gains, loses): &(Id, String, usize, usize)| PreviewEffect {
            id: (*id).into(),
            name: name.clone(),
            gains: *gains,
            loses: *loses,
        };
        list.iter().map(one).collect::<Vec<_>>()
    };
    let suggested = |op| found.count(Change::Suggested(op));
    Ok(Json(Preview {
        total_count: found.count(Change::Joins) + found.count(Change::Stays) + suggested(Suggestion::Remove),
        joins: found.count(Change::Joins),
        leaves: found.count(Change::Leaves),
        stays: found.count(Change::Stays),
        suggestions: suggested(Suggestion::Add) + suggested(Suggestion::Remove),
        population: found.population,
        needs_confirmation: found.needs_confirmation(&settings),
        groups: effects(&found.groups),
        applications: effects(&found.applications),
        accounts: effects(&found.accounts),
        routing_policies: effects(&found.policies),
        device_bindings: effects(&found.bound),
        device_binding_count: found.bound_count,
        unused_attributes: group.queries().flat_map(|q| rule::unused_attributes(q.rule(), &schema)).collect(),
        members: members(site, who, kind, &found, body).await?,
        problems: Vec::new(),
    }))
}

/// The exemptions and held groups that would be: those of the body, else those that are saved.
async fn stands(
    site: &Site,
    who: &AdminOrg,
    kind: GroupKind,
    saved: Option<&Group>,
    body: &PreviewRequest,
) -> Result<(Vec<muster_directory::group::Exempt>, Vec<Id>), ApiError> {
    let mut s = site.directory().read();
    let exemptions = match (&body.member_query_exemptions, saved) {
        (Some(list), _) => ExemptionBody::read(kind, list)?,
        (None, Some(group)) => {
            store::exemptions(&mut s, who.org(), group.id).await?.iter().map(Exemption::asked).collect()
        }
        (None, None) => Vec::new(),
    };
    let nested = match (&body.member_groups, saved) {
        (Some(list), _) => read_groups(list)?,
        (None, Some(group)) => store::nested(&mut s, who.org()).await?.remove(&group.id).unwrap_or_default(),
        (None, None) => Vec::new(),
    };
    Ok((exemptions, nested))
}

/// The group as it would be, or what is wrong with its rules as written.
async fn drafted(
    site: &Site,
    who: &AdminOrg,
    kind: GroupKind,
    saved: Option<&Group>,
    headers: &HeaderMap,
    body: &PreviewRequest,
) -> Result<Result<Group, Vec<Problem>>, ApiError> {
    let env = site.directory().env();
    let mut group = saved.cloned().unwrap_or_else(|| blank(who.org(), env.id(), kind, env.clock.now()));
    let read = |value: &Value, path| query::read_at(value, headers, path);
    group.member_query = match read(&body.member_query.clone().unwrap_or_default(), "memberQuery") {
        Ok(query) => query,
        Err(problems) => return Ok(Err(problems)),
    };
    if let Some(value) = &body.exclude_query {
        group.exclude_query = match read(value, "excludeQuery") {
            Ok(query) => query,
            Err(problems) => return Ok(Err(problems)),
        };
    }
    for query in [&mut group.member_query, &mut group.exclude_query].into_iter().flatten() {
        *query = rule::resolved(&mut site.directory().read(), who.org(), kind, query).await?;
    }
    group.method = body.membership_method.unwrap_or(Method::DynamicAutomated);
    if group.method.is_dynamic() {
        match &group.member_query {
            None => {
                return Ok(Err(vec![Problem::new("memberQuery", "a dynamic group needs a rule: add a condition")]));
            }
            Some(query) if query.rule().tests().is_empty() => {
                return Ok(Err(vec![Problem::new("memberQuery.filters", "add at least one condition")]));
            }
            Some(_) => {}
        }
    }
    Ok(Ok(group))
}

async fn problems(site: &Site, group: &Group, nested: &[Id]) -> Result<Vec<Problem>, ApiError> {
    let mut s = site.directory().read();
    let mut out = Vec::new();
    if group.method.is_dynamic() {
        for (path, query) in [("memberQuery", &group.member_query), ("excludeQuery", &group.exclude_query)] {
            let Some(query): Option<&MemberQuery> = query.as_ref() else { continue };
            let found = rule::problems(&mut s, group.org, group.kind, query).await?;
            out.extend(found.into_iter().map(|p| Problem::new(p.path.replacen("memberQuery", path, 1), p.message)));
        }
    }
    let set = RuleSet::new(store::every(&mut s, group.org).await?, store::nested(&mut s, group.org).await?);
    out.extend(rule::structure(&set, group, nested));
    if out.is_empty() {
        out.extend(rule::guard(&mut s, &set, group, nested).await?);
    }
    Ok(out)
}

fn refused(problems: Vec<Problem>) -> Preview {
    let problems = problems.into_iter().map(|p| RuleProblem { path: p.path, message: p.message }).collect();
    Preview { problems, ..Preview::default() }
}

/// The page of those concerned that is asked for.
async fn members(
    site: &Site,
    who: &AdminOrg,
    kind: GroupKind,
    found: &preview::Preview,
    body: &PreviewRequest,
) -> Result<Vec<PreviewMember>, ApiError> {
    let order = |change: Change| match change {
        Change::Leaves => 0,
        Change::Joins => 1,
        Change::Suggested(Suggestion::Remove) => 2,
        Change::Suggested(Suggestion::Add) => 3,
        Change::Stays => 4,
    };
    let mut concerned: Vec<(Id, Change)> = found.members.iter().map(|(id, change)| (*id, *change)).collect();
    concerned.sort_by_key(|(id, change)| (order(*change), *id));
    let skip = body.skip.map_or(0, |n| n as usize);
    let limit = body.limit.map_or(500, |n| (n as usize).clamp(1, NAMED_MAX));
    let term = body.search.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_lowercase);
    if term.is_none() {
        concerned = concerned.into_iter().skip(skip).take(limit).collect();
    }
    let ids: Vec<Id> = concerned.iter().map(|(id, _)| *id).collect();
    let mut names = named::of(&mut site.directory().read(), who.org(), kind, &ids).await?;
    let shown = concerned.into_iter().filter_map(|(id, change)| Some((order(change), change, names.remove(&id)?)));
    let mut shown: Vec<_> = shown.filter(|(_, _, name)| term.as_ref().is_none_or(|term| name.has(term))).collect();
    shown.sort_by_key(|(order, _, name)| (*order, name.key()));
    if term.is_some() {
        shown = shown.into_iter().skip(skip).take(limit).collect();
    }
    Ok(shown.into_iter().map(|(_, change, name)| PreviewMember { name, change: change.into() }).collect())
}
