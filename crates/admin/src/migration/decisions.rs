//! Decides about an object of a plan: that it is left there.

use axum::extract::State;
use http::StatusCode;
use muster_directory::migration::Decide;
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

/// What is decided.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[schema(as = MigrationDecide)]
pub(crate) struct DecideIn {
    /// The place of a person, device, group or application, as `/results` tells it.
    #[schema(minimum = 0)]
    seq: i64,
    /// Whether it is left there, with what belongs to it; otherwise that is taken back.
    leave: bool,
}

#[utoipa::path(put, path = "/api/v2/imports/jumpcloud/{id}/decisions", tag = "imports", params(("id" = ObjectId, Path)),
    request_body = DecideIn, responses((status = 204, description = "It holds in this migration and later ones"), Changing))]
/// Leave an object of a migration's plan there, or take that back
pub(crate) async fn decide(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(job): PathId,
    Json(body): Json<DecideIn>,
) -> Result<StatusCode, ApiError> {
    let decide = Decide { job, seq: body.seq, leave: body.leave };
    site.directory().write(who.actor(), who.org(), decide).await?;
    Ok(StatusCode::NO_CONTENT)
}
