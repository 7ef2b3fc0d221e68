//! Asks for runs of a directory that we read, and shows them.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use muster_base::Id;
use muster_directory::directory_provider;
use muster_directory::feed::run::{Ask, What};
use muster_directory::feed::store;
use muster_http::{AdminOrg, ApiError, Json, Site};
use utoipa::IntoParams;

use super::model::RunOut;
use crate::failure::{Changing, Reading};
use crate::id::{ObjectId, PathId, PathIds};
use crate::listed::Listed;
use crate::page::Page;

async fn ask(site: &Site, who: &AdminOrg, provider: Id, what: What) -> Result<Response, ApiError> {
    let id = site.directory().env().id();
    let run = site.directory().write(who.actor(), who.org(), Ask { provider, id, what }).await?;
    Ok((StatusCode::ACCEPTED, Json(RunOut::new(run))).into_response())
}

#[utoipa::path(post, path = "/api/v2/directoryproviders/{id}/plan", tag = "directory providers",
    params(("id" = ObjectId, Path)), responses((status = 202, body = RunOut), Changing))]
/// Plan what importing from a directory would do
pub(crate) async fn plan(State(site): State<Site>, who: AdminOrg, PathId(id): PathId) -> Result<Response, ApiError> {
    ask(&site, &who, id, What::Plan).await
}

#[utoipa::path(post, path = "/api/v2/directoryproviders/{id}/run", tag = "directory providers",
    params(("id" = ObjectId, Path)), responses((status = 202, body = RunOut), Changing))]
/// Import from a directory now, and from now on by itself
pub(crate) async fn import(State(site): State<Site>, who: AdminOrg, PathId(id): PathId) -> Result<Response, ApiError> {
    ask(&site, &who, id, What::Import).await
}

#[utoipa::path(post, path = "/api/v2/directoryproviders/{id}/approve", tag = "directory providers",
    params(("id" = ObjectId, Path)), responses((status = 202, body = RunOut), Changing))]
/// Let go whom the delete guard holds
pub(crate) async fn approve(State(site): State<Site>, who: AdminOrg, PathId(id): PathId) -> Result<Response, ApiError> {
    who.person()?;
    ask(&site, &who, id, What::Approve).await
}

/// The query, for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) struct RunsQuery {
    /// Rows at most: 10 when nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
    /// Rows passed over.
    #[param(minimum = 0)]
    skip: Option<i64>,
}

#[utoipa::path(get, path = "/api/v2/directoryproviders/{id}/runs", tag = "directory providers",
    params(("id" = ObjectId, Path), RunsQuery), responses((status = 200, body = Vec<RunOut>), Reading))]
/// List the runs of a directory that is read, the newest first
pub(crate) async fn list(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
) -> Result<Response, ApiError> {
    let mut read = site.directory().read();
    directory_provider::store::get(&mut read, who.org(), id).await?;
    let (rows, total) = store::runs(&mut read, who.org(), id, (page.limit, page.skip)).await?;
    Ok(Listed { rows, total, link: None }.map(RunOut::new).bare())
}

#[utoipa::path(get, path = "/api/v2/directoryproviders/{id}/runs/{run}", tag = "directory providers",
    params(("id" = ObjectId, Path), ("run" = ObjectId, Path)), responses((status = 200, body = RunOut), Reading))]
/// Get a run of a directory that is read
pub(crate) async fn get(
    State(site): State<Site>,
    who: AdminOrg,
    PathIds(id, run): PathIds,
) -> Result<Json<RunOut>, ApiError> {
    let run = store::run(&mut site.directory().read(), who.org(), id, run).await?;
    Ok(Json(RunOut::new(run)))
}
