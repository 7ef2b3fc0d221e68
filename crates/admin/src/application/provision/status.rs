//! How the sending of accounts to an application is doing.

use axum::extract::State;
use muster_directory::application;
use muster_directory::provision::{Counts, Doing, store};
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::Reading;
use crate::id::{ObjectId, PathId, Time};

/// From the commit of a change to its request, in milliseconds.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = ProvisionLag)]
struct LagOut {
    /// Half of them were quicker.
    p50_ms: i64,
    /// All but one in a hundred were quicker.
    p99_ms: i64,
}

/// How a target is doing.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ProvisionStatus)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatusOut {
    /// In a word.
    state: Doing,
    /// How many people and groups stand where.
    counts: Counts,
    /// How quick changes were sent lately.
    lag: Option<LagOut>,
    /// What went wrong last.
    last_error: Option<String>,
    /// When it is tried again.
    next_try: Option<Time>,
    /// How many are in step.
    done: i64,
    /// How many there are.
    total: i64,
    /// What was found when the application was last read by itself, which is done once a day where repair is automatic.
    checked: Option<CheckedOut>,
}

/// What was found when an application was read to see what drifted.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ProvisionChecked)]
struct CheckedOut {
    /// When.
    at: Time,
    /// How many objects were otherwise than they were sent.
    found: usize,
    /// How many of them are sent again.
    repaired: usize,
    /// Why it could not be read.
    error: Option<String>,
}

#[utoipa::path(get, path = "/api/v2/applications/{id}/provision/status", tag = "applications",
    params(("id" = ObjectId, Path)), responses((status = 200, body = StatusOut), Reading))]
/// Get how the sending of accounts to an application is doing
pub(crate) async fn get(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(app): PathId,
) -> Result<Json<StatusOut>, ApiError> {
    let (org, mut source) = (who.org(), site.directory().read());
    application::store::get(&mut source, org, app).await?;
    let target = store::get(&mut source, org, app).await?;
    let counts = store::counts(&mut source, org, app).await?;
    let lags = store::lags(&mut source, org, app).await?;
    let failure = store::failure(&mut source, org, app).await?;
    let at = |share: usize| lags.get((lags.len().saturating_sub(1)) * share / 100).map_or(0, |lag| lag / 1000);
    let state = Doing::of(&target, counts.held);
    let waits = target.next_at > site.directory().env().clock.now();
    let next_try = if waits { Some(target.next_at) } else { failure.as_ref().map(|(_, at)| *at) };
    let total = counts.in_step + counts.waiting + counts.failing + counts.held;
    Ok(Json(StatusOut {
        state,
        counts,
        lag: (!lags.is_empty()).then(|| LagOut { p50_ms: at(50), p99_ms: at(99) }),
        last_error: target.stopped.or_else(|| failure.map(|(error, _)| error)),
        next_try: next_try.filter(|at| at.0 > 0).map(Time),
        done: counts.in_step,
        total,
        checked: target.checked.map(|c| CheckedOut {
            at: Time(c.at),
            found: c.found,
            repaired: c.repaired,
            error: c.error,
        }),
    }))
}
