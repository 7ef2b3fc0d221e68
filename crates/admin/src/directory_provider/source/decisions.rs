//! What administrators decided about people and groups of a directory that we read.

use axum::extract::State;
use http::StatusCode;
use muster_directory::feed::decision::{self, Decide};
use muster_directory::feed::{ObjectKind, store};
use muster_directory::provision::decision::Answer;
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::failure::{Changing, Reading};
use crate::id::{ObjectId, PathId, Time};

/// A decision.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FeedDecision)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DecisionOut {
    /// `user` or `group`.
    kind: &'static str,
    /// The source's name for it.
    external_id: String,
    /// Its name.
    name: String,
    /// What is to be done.
    decision: Answer,
    /// When it was decided.
    at: Time,
}

/// What is decided.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = FeedDecide)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DecideIn {
    /// A person or a group.
    kind: ObjectKind,
    /// The source's name for it.
    #[schema(min_length = 1, max_length = 1024)]
    external_id: String,
    /// Its name, for people.
    #[serde(default)]
    #[schema(max_length = 1024)]
    name: Option<String>,
    /// `takeOver` (of a person: whoever here has the same company e-mail), or `leave`; none: the decision is taken back.
    #[serde(default)]
    decision: Option<Answer>,
}

#[utoipa::path(get, path = "/api/v2/directoryproviders/{id}/decisions", tag = "directory providers",
    params(("id" = ObjectId, Path)), responses((status = 200, body = Vec<DecisionOut>), Reading))]
/// List what was decided about people and groups of a directory
pub(crate) async fn list(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<Vec<DecisionOut>>, ApiError> {
    let mut read = site.directory().read();
    store::get(&mut read, who.org(), id).await?;
    let mut all: Vec<DecisionOut> = decision::all(&mut read, who.org(), id)
        .await?
        .into_iter()
        .map(|((kind, external_id), of)| DecisionOut {
            kind,
            external_id,
            name: of.name,
            decision: of.answer,
            at: Time(of.at),
        })
        .collect();
    all.sort_by(|a, b| (&a.name, &a.external_id).cmp(&(&b.name, &b.external_id)));
    Ok(Json(all))
}

#[utoipa::path(put, path = "/api/v2/directoryproviders/{id}/decisions", tag = "directory providers",
    params(("id" = ObjectId, Path)), request_body = DecideIn,
    responses((status = 204, description = "It holds in every run from now on"), Changing))]
/// Decide about a person or group of a directory, or take a decision back
pub(crate) async fn set(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(body): Json<DecideIn>,
) -> Result<StatusCode, ApiError> {
    let decide = Decide {
        provider: id,
        kind: body.kind,
        external_id: body.external_id,
        name: body.name.unwrap_or_default(),
        answer: body.decision,
    };
    site.directory().write(who.actor(), who.org(), decide).await?;
    Ok(StatusCode::NO_CONTENT)
}
