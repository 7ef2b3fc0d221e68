//! Trying settings before they count: the connection test and the preview.

use axum::extract::State;
use axum::response::Response;
use muster_base::Id;
use muster_directory::provision::report::{Plan, TestReport};
use muster_directory::provision::settings::check_secret;
use muster_directory::{Error, application, organization, provision};
use muster_http::provisioning::{Draft, Order};
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::ProvisionWrite;
use super::reading::{ReadingOut, answer};
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

/// The settings of the body, where there is one: as right as those that are saved, and the saved secret goes nowhere else.
async fn draft(
    site: &Site,
    who: &AdminOrg,
    app: Id,
    body: Option<Json<ProvisionWrite>>,
) -> Result<Option<Draft>, ApiError> {
    let mut source = site.directory().read();
    application::store::get(&mut source, who.org(), app).await?;
    let saved = provision::store::find(&mut source, who.org(), app).await?;
    let Some(Json(body)) = body.filter(|Json(body)| !body.is_empty()) else {
        return if saved.is_some() { Ok(None) } else { Err(ApiError::not_found()) };
    };
    let (settings, secret) = body.read()?;
    let editable = organization::store::get(&mut source, who.org()).await?.settings.system_users_can_edit;
    let mut problems = settings.problems(editable);
    check_secret(&settings, secret.as_ref(), saved.as_ref(), &mut problems);
    Error::unless_empty(problems)?;
    Ok(Some(Draft { settings, secret }))
}

#[utoipa::path(post, path = "/api/v2/applications/{id}/provision/test", tag = "applications",
    params(("id" = ObjectId, Path)), request_body = Option<ProvisionWrite>,
    responses((status = 200, body = TestReport), Changing))]
/// Test the connection to an application that accounts are sent to
pub(crate) async fn test(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(app): PathId,
    body: Option<Json<ProvisionWrite>>,
) -> Result<Json<TestReport>, ApiError> {
    let draft = draft(&site, &who, app, body).await?;
    Ok(Json(site.provisioning().test(who.org(), app, draft).await?))
}

#[utoipa::path(post, path = "/api/v2/applications/{id}/provision/preview", tag = "applications",
    params(("id" = ObjectId, Path)), request_body = Option<ProvisionWrite>,
    responses((status = 200, body = Plan), (status = 202, body = ReadingOut), Changing))]
/// Preview what sending accounts to an application would do; where reading it takes long, how far that is
pub(crate) async fn preview(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(app): PathId,
    body: Option<Json<ProvisionWrite>>,
) -> Result<Response, ApiError> {
    let draft = draft(&site, &who, app, body).await?;
    Ok(answer(site.provisioning().read(who.org(), app, Order::Preview(draft.map(Box::new))).await?))
}
