//! What a run did object by object, or would do.

use axum::extract::State;
use axum::response::Response;
use muster_directory::feed::{Action, ObjectKind, Outcome, store};
use muster_http::{AdminOrg, ApiError, Query, Site};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::failure::Reading;
use crate::id::{ObjectId, PathIds};
use crate::listed::Listed;

/// Rows of a page.
const PAGE_MAX: i64 = 1_000;

/// Which results.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ResultsQuery {
    /// Only of this action.
    action: Option<Action>,
    /// Rows at most: 100 when nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
    /// Rows passed over.
    #[param(minimum = 0)]
    skip: Option<i64>,
}

/// A field that changes; values as texts.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FeedField)]
pub(crate) struct FieldOut {
    /// The field.
    name: String,
    /// What was there.
    from: Option<String>,
    /// What is there.
    to: Option<String>,
}

/// What is done with an object.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FeedResult)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResultOut {
    /// A person or a group.
    kind: ObjectKind,
    /// What.
    action: Action,
    /// The source's name for it.
    external_id: String,
    /// Its name.
    name: String,
    /// The person or group here, where there is one; of a plan, only one that is here already.
    id: Option<ObjectId>,
    /// The fields that change.
    fields: Vec<FieldOut>,
    /// Of a group: how many join.
    joins: Option<i64>,
    /// Of a group: how many leave.
    leaves: Option<i64>,
    /// What stands in the way.
    error: Option<String>,
    /// The person here who stands in the way and may be taken over: see `/decisions`.
    in_the_way: Option<ObjectId>,
}

impl ResultOut {
    fn new(of: Outcome, is_plan: bool) -> Self {
        let number = |name: &str| of.fields.get("members").and_then(|m| m.get(name)).and_then(Value::as_i64);
        let text = |value: Option<&Value>| match value {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(other) => Some(other.to_string()),
        };
        let fields = of.fields.iter().filter(|(name, _)| *name != "members");
        let field = |(name, value): (&String, &Value)| FieldOut {
            name: name.clone(),
            from: text(value.get("from")),
            to: text(value.get("to")),
        };
        let is_here = !is_plan || of.action != Action::Create;
        Self {
            kind: of.kind,
            action: of.action,
            joins: number("joins"),
            leaves: number("leaves"),
            fields: fields.map(field).collect(),
            external_id: of.external_id,
            name: of.name,
            id: of.id.filter(|_| is_here).map(ObjectId),
            error: of.error,
            in_the_way: of.in_the_way.map(ObjectId),
        }
    }
}

#[utoipa::path(get, path = "/api/v2/directoryproviders/{id}/runs/{run}/results", tag = "directory providers",
    params(("id" = ObjectId, Path), ("run" = ObjectId, Path), ResultsQuery),
    responses((status = 200, body = Vec<ResultOut>), Reading))]
/// List what a run did object by object
pub(crate) async fn list(
    State(site): State<Site>,
    who: AdminOrg,
    PathIds(id, run): PathIds,
    Query(query): Query<ResultsQuery>,
) -> Result<Response, ApiError> {
    let mut read = site.directory().read();
    let run = store::run(&mut read, who.org(), id, run).await?;
    let limit = query.limit.unwrap_or(100);
    let skip = query.skip.unwrap_or(0);
    if !(1..=PAGE_MAX).contains(&limit) {
        return Err(ApiError::field("limit", "a number from 1 to 1000"));
    }
    if skip < 0 {
        return Err(ApiError::field("skip", "0 or more"));
    }
    let (rows, total) = store::results(&mut read, &run, query.action, (limit, skip)).await?;
    let is_plan = run.kind == muster_directory::feed::RunKind::Plan;
    Ok(Listed { rows, total, link: None }.map(|one| ResultOut::new(one, is_plan)).bare())
}
