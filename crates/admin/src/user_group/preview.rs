//! What a rule would do, before it is saved.

use axum::extract::State;
use http::HeaderMap;
use muster_directory::group::preview::{self, Change};
use muster_directory::group::{Group, Method, model, store, update};
use muster_http::{AdminOrg, ApiError, Json, Site};
use muster_rules::MemberQuery;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::query::{self, ExemptionBody, QueryDsl, QueryForm};
use crate::failure::Changing;
use crate::id::ObjectId;

/// How many people a preview names; the counts are always over all.
const NAMED_MAX: usize = 500;

/// What would be saved.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = UserGroupPreviewRequest)]
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
    /// All exemptions.
    member_query_exemptions: Option<Vec<ExemptionBody>>,
}

/// What would become of a person's membership.
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
}

/// A person whom saving would concern.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PreviewMember {
    id: ObjectId,
    username: String,
    email: String,
    displayname: String,
    change: ChangeOut,
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
#[schema(as = UserGroupPreview)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Preview {
    /// How many members there would be.
    total_count: usize,
    joins: usize,
    leaves: usize,
    stays: usize,
    /// The people concerned, those who leave included; at most 500.
    members: Vec<PreviewMember>,
    /// Why it cannot be saved as it is.
    problems: Vec<RuleProblem>,
}

#[utoipa::path(post, path = "/api/v2/usergroups/preview", tag = "user groups", params(QueryDsl),
    request_body = PreviewRequest, responses((status = 200, body = Preview), Changing))]
/// Preview a rule
pub(crate) async fn preview(
    State(site): State<Site>,
    who: AdminOrg,
    headers: HeaderMap,
    Json(body): Json<PreviewRequest>,
) -> Result<Json<Preview>, ApiError> {
    let mut source = site.directory().read();
    let saved = match &body.group_id {
        None => None,
        Some(text) => {
            let id = text.parse().map_err(|_| ApiError::not_found())?;
            Some(store::get(&mut source, who.org(), id).await?)
        }
    };
    let exemptions = match (&body.member_query_exemptions, &saved) {
        (Some(list), _) => ExemptionBody::read(list)?,
        (None, Some(group)) => store::exemptions(&mut source, who.org(), group.id).await?,
        (None, None) => Vec::new(),
    };
    let member_query = match query::read(&body.member_query.unwrap_or_default(), query::is_v2(&headers)) {
        Ok(query) => query,
        Err(problems) => return Ok(Json(refused(problems))),
    };
    let group = Group {
        method: body.membership_method.unwrap_or(Method::DynamicAutomated),
        member_query,
        ..saved.clone().unwrap_or_else(|| blank(&site, &who))
    };
    if group.method == Method::DynamicAutomated {
        let problems = problems(&site, &who, group.member_query.as_ref()).await?;
        if !problems.is_empty() {
            return Ok(Json(refused(problems)));
        }
    }
    let people = preview::preview(&mut source, &group, saved.is_some(), &exemptions).await?;
    let count = |change| people.iter().filter(|(_, c)| *c == change).count();
    let (joins, leaves, stays) = (count(Change::Joins), count(Change::Leaves), count(Change::Stays));
    let members = people.iter().take(NAMED_MAX).map(|(user, change)| PreviewMember {
        id: user.id.into(),
        username: user.username.clone(),
        email: user.email.clone(),
        displayname: user.display(),
        change: match change {
            Change::Joins => ChangeOut::Joins,
            Change::Leaves => ChangeOut::Leaves,
            Change::Stays => ChangeOut::Stays,
        },
    });
    let members = members.collect();
    Ok(Json(Preview { total_count: joins + stays, joins, leaves, stays, members, problems: Vec::new() }))
}

fn refused(problems: Vec<muster_rules::Problem>) -> Preview {
    let problems = problems.into_iter().map(|p| RuleProblem { path: p.path, message: p.message }).collect();
    Preview { problems, ..Preview::default() }
}

async fn problems(
    site: &Site,
    who: &AdminOrg,
    query: Option<&MemberQuery>,
) -> Result<Vec<muster_rules::Problem>, ApiError> {
    match query {
        None => Ok(vec![muster_rules::Problem::new("memberQuery", "a dynamic group needs a rule: add a condition")]),
        Some(query) if query.rule().tests().is_empty() => {
            Ok(vec![muster_rules::Problem::new("memberQuery.filters", "add at least one condition")])
        }
        Some(query) => {
            let mut problems = update::rule_problems(&mut site.directory().read(), who.org(), query).await?;
            problems.extend(update::owner_problems(&mut site.directory().read(), who.org(), query).await?);
            Ok(problems)
        }
    }
}

fn blank(site: &Site, who: &AdminOrg) -> Group {
    let env = site.directory().env();
    Group {
        org: who.org(),
        id: env.id(),
        name: String::new(),
        doc: model::Doc::default(),
        method: Method::Static,
        member_query: None,
        created_at: env.clock.now(),
    }
}
