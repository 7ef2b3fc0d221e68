//! What administrators decided about people and groups at an application before they are sent.

use axum::extract::State;
use http::StatusCode;
use muster_base::Id;
use muster_directory::provision::decision::{self, Answer, Decide};
use muster_directory::provision::{ObjectKind, store};
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::failure::{Changing, Reading};
use crate::id::{ObjectId, PathId, Time};

/// A decision.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ProvisionDecision)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DecisionOut {
    /// A person or a group.
    kind: ObjectKind,
    /// Its id here.
    id: ObjectId,
    /// What is to be done.
    decision: Answer,
    /// Which account there is taken over.
    remote_id: Option<String>,
    /// When it was decided.
    at: Time,
}

/// What is decided.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = ProvisionDecide)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DecideIn {
    /// A person or a group.
    kind: ObjectKind,
    /// Its id here.
    #[schema(value_type = ObjectId)]
    id: Id,
    /// `takeOver` or `leave`; none: the decision is taken back.
    #[serde(default)]
    decision: Option<Answer>,
    /// Of a person who is taken over: the id of the account there.
    #[serde(default)]
    #[schema(max_length = 1024)]
    remote_id: Option<String>,
}

#[utoipa::path(get, path = "/api/v2/applications/{id}/provision/decisions", tag = "applications",
    params(("id" = ObjectId, Path)), responses((status = 200, body = Vec<DecisionOut>), Reading))]
/// List what was decided about people and groups at an application
pub(crate) async fn list(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(app): PathId,
) -> Result<Json<Vec<DecisionOut>>, ApiError> {
    let mut read = site.directory().read();
    store::get(&mut read, who.org(), app).await?;
    let mut all: Vec<DecisionOut> = decision::all(&mut read, who.org(), app)
        .await?
        .into_iter()
        .map(|((kind, id), of)| DecisionOut {
            kind,
            id: id.into(),
            decision: of.answer,
            remote_id: of.remote_id,
            at: Time(of.at),
        })
        .collect();
    all.sort_by_key(|one| (one.kind, one.id.0));
    Ok(Json(all))
}

#[utoipa::path(put, path = "/api/v2/applications/{id}/provision/decisions", tag = "applications",
    params(("id" = ObjectId, Path)), request_body = DecideIn,
    responses((status = 204, description = "It holds from now on"), Changing))]
/// Decide about a person or group at an application, or take a decision back
pub(crate) async fn set(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(app): PathId,
    Json(body): Json<DecideIn>,
) -> Result<StatusCode, ApiError> {
    let decide = Decide { app, kind: body.kind, id: body.id, answer: body.decision, remote_id: body.remote_id };
    site.directory().write(who.actor(), who.org(), decide).await?;
    Ok(StatusCode::NO_CONTENT)
}
