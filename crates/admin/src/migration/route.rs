//! Tests a source, begins a migration, shows it, carries its plan out, ends it.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use muster_base::Secret;
use muster_directory::migration::{self, Choices, Job};
use muster_directory::{Error, migration::State as Far};
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::client::{Client, Pages, Trouble};
use super::drive::{Order, begin};
use super::model::{ApplyIn, MigrationIn, MigrationOut, MigrationsOut, SourceIn, TestOut};
use super::read;
use crate::failure::{Changing, Reading};
use crate::id::{ObjectId, PathId};

#[utoipa::path(get, path = "/api/v2/imports/jumpcloud", tag = "imports", responses((status = 200, body = MigrationsOut), Reading))]
/// List the migrations from JumpCloud
pub(crate) async fn list(State(site): State<Site>, who: AdminOrg) -> Result<Json<MigrationsOut>, ApiError> {
    let jobs = migration::list(&mut site.directory().read(), who.org()).await?;
    let results: Vec<MigrationOut> = jobs.iter().map(MigrationOut::new).collect();
    Ok(Json(MigrationsOut { total_count: results.len(), results }))
}

#[utoipa::path(post, path = "/api/v2/imports/jumpcloud", tag = "imports", request_body = MigrationIn,
    responses((status = 201, body = MigrationOut), Changing))]
/// Begin a migration from JumpCloud: its organization is read, and what would be done is planned
pub(crate) async fn create(
    State(site): State<Site>,
    who: AdminOrg,
    Json(body): Json<MigrationIn>,
) -> Result<Response, ApiError> {
    let order = Order {
        org: who.org(),
        actor: who.actor(),
        base_url: body.source.base_url,
        key: Secret::new(body.source.api_key),
        organization: body.source.organization_id,
        choices: Choices { overwrite: body.overwrite, at_once: body.apply },
    };
    let job = begin(site.directory(), order).await?;
    Ok((StatusCode::CREATED, Json(MigrationOut::of(site.directory(), &job).await?)).into_response())
}

#[utoipa::path(post, path = "/api/v2/imports/jumpcloud/test", tag = "imports", request_body = SourceIn,
    responses((status = 200, body = TestOut), Changing))]
/// Test whether a migration could read its source
pub(crate) async fn test(
    State(site): State<Site>,
    _who: AdminOrg,
    Json(body): Json<SourceIn>,
) -> Result<Json<TestOut>, ApiError> {
    let base = body.base_url.unwrap_or_default();
    let base = super::client::base_url(Some(&base));
    let key = Secret::new(body.api_key.trim());
    let organization = body.organization_id.map(|id| id.trim().to_lowercase()).filter(|id| !id.is_empty());
    let mut client = Client::new(site.egress().clone(), &base, key, organization).once();
    Ok(Json(match look(&mut client).await {
        Ok(out) => out,
        Err(trouble) => TestOut {
            ok: false,
            message: trouble.words().to_owned(),
            organization_id: String::new(),
            organization_name: String::new(),
            users: None,
            user_groups: None,
            applications: None,
        },
    }))
}

async fn look(client: &mut Client) -> Result<TestOut, Trouble> {
    let (organization_id, organization_name) = read::organization(client).await?;
    let mut counts = Vec::new();
    for path in ["/api/systemusers", "/api/v2/usergroups", "/api/applications"] {
        let mut pages = Pages::new(path);
        pages.next(client).await?;
        counts.push(pages.total());
    }
    let count = |at: usize| counts.get(at).copied().flatten();
    Ok(TestOut {
        ok: true,
        message: String::new(),
        organization_id,
        organization_name,
        users: count(0),
        user_groups: count(1),
        applications: count(2),
    })
}

#[utoipa::path(get, path = "/api/v2/imports/jumpcloud/{id}", tag = "imports", params(("id" = ObjectId, Path)),
    responses((status = 200, body = MigrationOut), Reading))]
/// Get a migration
pub(crate) async fn get(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<MigrationOut>, ApiError> {
    let job = migration::get(&mut site.directory().read(), who.org(), id).await?;
    Ok(Json(MigrationOut::of(site.directory(), &job).await?))
}

#[utoipa::path(post, path = "/api/v2/imports/jumpcloud/{id}/apply", tag = "imports", params(("id" = ObjectId, Path)),
    request_body = Option<ApplyIn>, responses((status = 200, body = MigrationOut), Changing))]
/// Carry out what a migration planned
pub(crate) async fn apply(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    body: Option<Json<Option<ApplyIn>>>,
) -> Result<Json<MigrationOut>, ApiError> {
    let directory = site.directory();
    let mut job = migration::get(&mut directory.read(), who.org(), id).await?;
    if job.state != Far::Planned {
        return Err(not_in(&job, "only a plan can be carried out"));
    }
    if let Some(overwrite) = body.and_then(|Json(body)| body?.overwrite) {
        job.choices.overwrite = overwrite;
    }
    // Whoever carries it out stands in the change log.
    let actor = who.actor();
    (job.actor, job.actor_id) = (actor.kind, actor.id);
    if !migration::approve(directory, &mut job).await? {
        return Err(not_in(&job, "only a plan can be carried out"));
    }
    Ok(Json(MigrationOut::of(directory, &job).await?))
}

#[utoipa::path(post, path = "/api/v2/imports/jumpcloud/{id}/cancel", tag = "imports", params(("id" = ObjectId, Path)),
    responses((status = 200, body = MigrationOut), Changing))]
/// End a migration; what it did already stays
pub(crate) async fn cancel(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<MigrationOut>, ApiError> {
    let directory = site.directory();
    let mut job = migration::get(&mut directory.read(), who.org(), id).await?;
    let may_end = job.state.is_going_on() || job.state == Far::Planned;
    if !may_end || !migration::set_state(directory, &mut job, Far::Cancelled).await? {
        return Err(not_in(&job, "only one that goes on can be ended"));
    }
    Ok(Json(MigrationOut::of(directory, &job).await?))
}

fn not_in(job: &Job, what: &str) -> ApiError {
    Error::Conflict(format!("this migration is {}: {what}", job.state.word())).into()
}
