//! How long memberships take to follow a change.

use axum::extract::State;
use muster_http::{AdminOrg, Json, Site};
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::Reading;

/// How long after their cause memberships were committed, of the last thousand changes that this node saw.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MembershipLag)]
pub(crate) struct LagOut {
    /// Half took at most so long, in milliseconds; 0 where they went with the change itself.
    p50_ms: i64,
    /// Ninety-nine of a hundred took at most so long, in milliseconds.
    p99_ms: i64,
    /// How many since the node started; without any the others are 0.
    count: u64,
}

#[utoipa::path(get, path = "/api/v2/groups/lag", tag = "user groups", responses((status = 200, body = LagOut), Reading))]
/// Tell how long memberships take to follow a change
pub(crate) async fn lag(State(site): State<Site>, who: AdminOrg) -> Json<LagOut> {
    let told = site.directory().lags().of(who.org());
    // Rounded up: a lag that there is does not read as none.
    let ms = |us: i64| us.max(0).unsigned_abs().div_ceil(1_000).try_into().unwrap_or(i64::MAX);
    Json(told.map_or(LagOut { p50_ms: 0, p99_ms: 0, count: 0 }, |told| LagOut {
        p50_ms: ms(told.p50),
        p99_ms: ms(told.p99),
        count: told.count,
    }))
}
