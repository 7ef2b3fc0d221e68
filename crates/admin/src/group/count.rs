//! How many meet a rule while it is being written: asked with each key, and so answered from what is kept.

use http::HeaderMap;
use muster_directory::group::{GroupKind, matching, rule};
use muster_http::{AdminOrg, ApiError, Json, Site};
use muster_rules::MemberQuery;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::query::{self, QueryForm};

/// A rule that is not saved.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RuleCountRequest)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CountRequest {
    /// The rule.
    #[schema(value_type = QueryForm)]
    member_query: Value,
    /// Who is kept out.
    #[schema(value_type = Option<QueryForm>)]
    exclude_query: Option<Value>,
}

/// How many meet it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RuleCount)]
pub(crate) struct CountAnswer {
    /// Those whom the rule lets in and the other one does not keep out, as of the last seconds. Exemptions, held groups and
    /// who is in by hand are not in it: the preview has them.
    matches: usize,
    /// How many people or devices there are.
    population: usize,
}

/// Counts.
///
/// # Errors
/// 400 on a rule that cannot be saved, at its place.
pub(crate) async fn count(
    site: &Site,
    who: &AdminOrg,
    kind: GroupKind,
    headers: &HeaderMap,
    body: &CountRequest,
) -> Result<Json<CountAnswer>, ApiError> {
    let include = read(site, who, kind, headers, "memberQuery", Some(&body.member_query)).await?;
    let include = include.ok_or_else(|| ApiError::field("memberQuery", "add at least one condition"))?;
    let exclude = read(site, who, kind, headers, "excludeQuery", body.exclude_query.as_ref()).await?;
    let exclude = exclude.as_ref().map(MemberQuery::rule);
    let found = matching::count(site.directory(), who.org(), kind, include.rule(), exclude).await?;
    Ok(Json(CountAnswer { matches: found.matches, population: found.population }))
}

async fn read(
    site: &Site,
    who: &AdminOrg,
    kind: GroupKind,
    headers: &HeaderMap,
    path: &str,
    written: Option<&Value>,
) -> Result<Option<MemberQuery>, ApiError> {
    let Some(written) = written.filter(|value| !value.is_null()) else { return Ok(None) };
    let Some(query) = query::read_at(written, headers, path).map_err(query::invalid)? else { return Ok(None) };
    let mut s = site.directory().read();
    let query = rule::resolved(&mut s, who.org(), kind, &query).await?;
    let problems = rule::problems(&mut s, who.org(), kind, &query).await?;
    match problems.into_iter().next() {
        None => Ok(Some(query)),
        Some(problem) => Err(ApiError::field(problem.path.replacen("memberQuery", path, 1), problem.message)),
    }
}
