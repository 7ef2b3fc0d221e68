//! Importing an application's own users as a job that can be followed and stopped, in JumpCloud's shapes.

use axum::extract::State as Of;
use http::StatusCode;
use muster_base::Micros;
use muster_directory::application;
use muster_directory::provision::import::{May, Outcome};
use muster_directory::provision::{import_job, store};
use muster_http::provisioning::ImportOrder;
use muster_http::{AdminOrg, ApiError, Json, Query, Site};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::failure::{Changing, Reading};
use crate::id::{ObjectId, PathId, PathIds, Time};

/// What an import may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = ImportOperation)]
enum Operation {
    /// Make people.
    #[serde(rename = "users.create")]
    Create,
    /// Change people.
    #[serde(rename = "users.update")]
    Update,
}

/// An import as it is asked for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = ImportJobCreate)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JobIn {
    /// Whether suspended people who are active there are let in again.
    #[serde(default)]
    allow_user_reactivation: bool,
    /// What may be done; both when left out.
    #[serde(default)]
    operations: Option<Vec<Operation>>,
    /// Only users in whose name or e-mail this occurs.
    #[serde(default)]
    query_string: Option<String>,
    /// Only these, by the application's ids; all when left out.
    #[serde(default)]
    ids: Option<Vec<String>>,
}

/// An import that was begun.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ImportJobCreated)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JobOut {
    /// Its id.
    job_id: ObjectId,
}

#[utoipa::path(post, path = "/api/v2/applications/{id}/import/jobs", tag = "applications",
    params(("id" = ObjectId, Path)), request_body = JobIn, responses((status = 200, body = JobOut), Changing))]
/// Import the users of an application
pub(crate) async fn begin(
    Of(site): Of<Site>,
    who: AdminOrg,
    PathId(app): PathId,
    Json(body): Json<JobIn>,
) -> Result<Json<JobOut>, ApiError> {
    let mut source = site.directory().read();
    application::store::get(&mut source, who.org(), app).await?;
    store::get(&mut source, who.org(), app).await?;
    let may = |what| body.operations.as_ref().is_none_or(|all| all.contains(&what));
    let order = ImportOrder {
        actor: who.actor(),
        may: May {
            create: may(Operation::Create),
            update: may(Operation::Update),
            reactivate: body.allow_user_reactivation,
        },
        search: body.query_string.filter(|s| !s.is_empty()),
        ids: body.ids.unwrap_or_default(),
    };
    let job_id = ObjectId(site.provisioning().import(who.org(), app, order).await?);
    Ok(Json(JobOut { job_id }))
}

#[utoipa::path(delete, path = "/api/v2/applications/{id}/import/jobs/{job}", tag = "applications",
    params(("id" = ObjectId, Path), ("job" = ObjectId, Path)),
    responses((status = 204, description = "It stops soon, or has ended; whoever was taken in stays"), Changing))]
/// Stop an import from an application
pub(crate) async fn stop(Of(site): Of<Site>, who: AdminOrg, PathIds(app, id): PathIds) -> Result<StatusCode, ApiError> {
    import_job::stop(site.directory(), who.org(), app, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How an import went.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ImportJobResults)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResultsOut {
    /// Its id.
    id: ObjectId,
    /// `RUNNING`, `COMPLETED`, `FAILED`, or `STOPPED` by somebody before its end.
    status: &'static str,
    /// When it was asked for.
    created_at: Time,
    /// When it ended.
    completed_at: Option<Time>,
    /// Why it ended before its end.
    error: Option<String>,
    /// How far it is.
    progress: ProgressOut,
    /// How many of each outcome.
    counts: Vec<CountOut>,
    /// User by user: a page of them.
    results: Vec<Outcome>,
}

/// How far an import is: the application's users are read first, then gone through one by one.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = ImportProgress)]
struct ProgressOut {
    /// Users of the application that were read so far.
    read: u64,
    /// How many it says that it has; not every application does.
    total: Option<u64>,
    /// How many of those that were read have been gone through; nothing while they are read.
    handled: Option<u64>,
}

/// How many users had an outcome.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ImportCount)]
struct CountOut {
    /// `CREATED`, `UPDATED`, `UNCHANGED`, `SKIPPED` or `ERROR`.
    status: String,
    /// How many.
    count: i64,
}

/// Which results.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ResultsQuery {
    /// Rows passed over.
    #[param(minimum = 0)]
    skip: Option<i64>,
    /// Rows at most: 1000 when nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
}

#[utoipa::path(get, path = "/api/v2/applications/import/{job}/detailedresults", tag = "applications",
    params(("job" = ObjectId, Path), ResultsQuery), responses((status = 200, body = ResultsOut), Reading))]
/// Get how an import from an application went, user by user
pub(crate) async fn results(
    Of(site): Of<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Query(query): Query<ResultsQuery>,
) -> Result<Json<ResultsOut>, ApiError> {
    let (mut source, at) = (site.directory().read(), (who.org(), id));
    let job = import_job::job(&mut source, who.org(), id).await?;
    let (limit, skip) = (query.limit.unwrap_or(1000), query.skip.unwrap_or(0));
    if !(1..=1000).contains(&limit) {
        return Err(ApiError::field("limit", "a whole number from 1 to 1000"));
    }
    if skip < 0 {
        return Err(ApiError::field("skip", "a whole number, not less than 0"));
    }
    let status = match (&job.failure, job.done_at) {
        (Some(_), _) => "FAILED",
        (None, Some(_)) if job.stopped => "STOPPED",
        (None, Some(_)) => "COMPLETED",
        (None, None) => "RUNNING",
    };
    let counts = import_job::counts(&mut source, at).await?;
    let counts = counts.into_iter().map(|(status, count)| CountOut { status, count }).collect();
    let results = import_job::results(&mut source, at, limit, skip).await?;
    Ok(Json(ResultsOut {
        id: id.into(),
        status,
        created_at: Time(Micros(job.created_at)),
        completed_at: job.done_at.map(|at| Time(Micros(at))),
        error: job.failure,
        progress: ProgressOut { read: job.far.read, total: job.far.total, handled: job.handled },
        counts,
        results,
    }))
}
