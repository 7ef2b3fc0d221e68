//! *Test Connection* of a directory that we read, with settings that are saved or not.

use axum::extract::State;
use muster_directory::directory_provider;
use muster_directory::feed::store;
use muster_directory::provision::report::TestReport;
use muster_http::feeding::Draft;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::SourceWrite;
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

#[utoipa::path(post, path = "/api/v2/directoryproviders/{id}/test", tag = "directory providers",
    params(("id" = ObjectId, Path)), request_body = Option<SourceWrite>,
    responses((status = 200, body = TestReport), Changing))]
/// Test the connection to a directory that is read
pub(crate) async fn test(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    body: Option<Json<Option<SourceWrite>>>,
) -> Result<Json<TestReport>, ApiError> {
    who.person()?;
    let mut read = site.directory().read();
    directory_provider::store::get(&mut read, who.org(), id).await?;
    let draft = match body.and_then(|Json(body)| body) {
        Some(body) => {
            let (settings, secret) = body.read()?;
            Some(Draft { settings, secret, http_allowed: site.config().http_allowed() })
        }
        None => {
            store::get(&mut read, who.org(), id).await?;
            None
        }
    };
    Ok(Json(site.feeding().test(who.org(), id, draft).await?))
}
