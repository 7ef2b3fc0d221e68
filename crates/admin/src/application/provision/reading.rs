//! Readings of a whole application: answered in time, or followed by their id until they end, and stopped.

use axum::extract::State as Of;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use muster_base::Micros;
use muster_directory::provision::reading::{self, Found, Kind, Reading as Read, State};
use muster_directory::provision::report::Plan;
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Serialize;
use utoipa::ToSchema;

use super::drift::{DriftOut, RepairOut};
use crate::failure::{Changing, Reading};
use crate::id::{ObjectId, PathIds, Time};

/// Where a reading stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ProvisionReadingStatus)]
#[serde(rename_all = "lowercase")]
enum Status {
    /// It goes on.
    Running,
    /// It came to its end.
    Finished,
    /// It did not.
    Failed,
}

/// A list of users that was read.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ProvisionReadingList)]
pub(crate) struct ListOut {
    /// How many users it has.
    #[serde(rename = "totalCount")]
    total_count: u64,
    /// What its pages are asked for with, as `sessionId`.
    session_id: String,
}

/// What came of a reading, by its kind.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ProvisionReadingResult)]
#[serde(untagged)]
enum ResultOut {
    /// Of a preview.
    Plan(Plan),
    /// Of a drift report.
    Drift(DriftOut),
    /// Of a repair.
    Repaired(RepairOut),
    /// Of the list of users to import.
    List(ListOut),
}

impl ResultOut {
    fn new(id: ObjectId, begun_at: Micros, found: Found) -> Self {
        match found {
            Found::Plan(plan) => Self::Plan(plan),
            Found::Drift(drift) => Self::Drift(DriftOut::new(Time(begun_at), drift)),
            Found::Repaired(repaired) => Self::Repaired(RepairOut { repaired }),
            Found::Users(total_count) => Self::List(ListOut { total_count, session_id: id.0.text() }),
        }
    }
}

/// A reading of a whole application.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ProvisionReading)]
pub(crate) struct ReadingOut {
    /// Its id.
    id: ObjectId,
    /// What it is for.
    kind: Kind,
    /// Where it stands.
    status: Status,
    /// Objects read so far.
    read: u64,
    /// How many there are, as the application says; none while it has not said.
    total: Option<u64>,
    /// What came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<ResultOut>,
    /// Why nothing came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl ReadingOut {
    pub(super) fn new(read: Read) -> Self {
        let id = ObjectId(read.id);
        let (status, result, error) = match read.state {
            State::Running => (Status::Running, None, None),
            State::Finished(found) => (Status::Finished, Some(ResultOut::new(id, read.begun_at, found)), None),
            State::Failed(why) => (Status::Failed, None, Some(why)),
        };
        Self { id, kind: read.kind, status, read: read.far.read, total: read.far.total, result, error }
    }
}

/// What came of it, where it was ready in time; otherwise how far it is.
pub(super) fn answer(read: Read) -> Response {
    match read.state {
        State::Finished(found) => Json(ResultOut::new(ObjectId(read.id), read.begun_at, found)).into_response(),
        _ => accepted(read),
    }
}

/// How far it is.
pub(super) fn accepted(read: Read) -> Response {
    (StatusCode::ACCEPTED, Json(ReadingOut::new(read))).into_response()
}

#[utoipa::path(get, path = "/api/v2/applications/{id}/provision/readings/{reading}", tag = "applications",
    params(("id" = ObjectId, Path), ("reading" = ObjectId, Path)), responses((status = 200, body = ReadingOut), Reading))]
/// Get how far the reading of an application is, or what came of it
pub(crate) async fn get(
    Of(site): Of<Site>,
    who: AdminOrg,
    PathIds(app, id): PathIds,
) -> Result<Json<ReadingOut>, ApiError> {
    Ok(Json(ReadingOut::new(reading::get(site.directory(), who.org(), app, id).await?)))
}

#[utoipa::path(delete, path = "/api/v2/applications/{id}/provision/readings/{reading}", tag = "applications",
    params(("id" = ObjectId, Path), ("reading" = ObjectId, Path)),
    responses((status = 204, description = "It is stopped, and what came of it is thrown away"), Changing))]
/// Stop the reading of an application
pub(crate) async fn stop(Of(site): Of<Site>, who: AdminOrg, PathIds(app, id): PathIds) -> Result<StatusCode, ApiError> {
    site.provisioning().stop(who.org(), app, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
