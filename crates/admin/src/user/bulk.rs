//! Many people made or changed at once, as JumpCloud's bulk jobs: asked for here, done person by person beside the requests.

use std::collections::BTreeSet;

use axum::body::Bytes;
use axum::extract::State as AxumState;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use muster_base::Id;
use muster_directory::bulk::{self, ITEMS_MAX, Job, Outcome};
use muster_directory::user::{State, User};
use muster_directory::{Directory, Verb, Write, organization, standing};
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::{IntoParams, ToSchema};

use super::write::UserWrite;
use super::{create, update};
use crate::failure::{Changing, Reading};
use crate::id::{ObjectId, PathId, Time};
use crate::page::{Page, PageQuery};

/// Where people may be said to come from.
const SOURCES: [&str; 6] = ["gapps", "o365", "workday", "scim", "bulk", "custom_integration"];

/// A person to be changed.
#[derive(ToSchema, Serialize)]
#[schema(as = BulkUserUpdate)]
pub(crate) struct Changed {
    /// Whom.
    #[schema(value_type = ObjectId)]
    id: String,
    #[serde(flatten)]
    #[schema(value_type = UserWrite)]
    rest: Map<String, Value>,
}

/// How a job is asked for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) struct Quietly {
    /// Taken and passed over: results are not mailed.
    #[param(rename = "suppressEmail")]
    suppress_email: Option<bool>,
}

/// Where new people come from.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) struct CreationSource {
    /// `jumpcloud:bulk` when left out: new people begin in the organization's default state for imports; with another source
    /// in that for imports from applications.
    #[param(
        rename = "creation-source",
        pattern = "^jumpcloud:(gapps|o365|workday|scim|bulk|custom_integration)$",
        example = "jumpcloud:bulk"
    )]
    creation_source: Option<String>,
}

/// A job.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobId)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JobOut {
    job_id: ObjectId,
}

/// What became of one person.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobWorkResult)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResultOut {
    id: ObjectId,
    created_at: Time,
    updated_at: Time,
    /// `pending`, `finished` or `failed`.
    status: String,
    /// Why it failed.
    status_msg: String,
    /// Nothing.
    meta: Map<String, Value>,
    /// Who: `id`, `username`, `email`, as far as they are known.
    persisted_fields: Map<String, Value>,
}

impl From<Outcome> for ResultOut {
    fn from(of: Outcome) -> Self {
        Self {
            id: of.id.into(),
            created_at: of.created_at.into(),
            updated_at: of.updated_at.into(),
            status: of.status,
            status_msg: of.message,
            meta: Map::new(),
            persisted_fields: of.shown.as_object().cloned().unwrap_or_default(),
        }
    }
}

#[utoipa::path(post, path = "/api/v2/bulk/users", tag = "users", params(Quietly, CreationSource),
    request_body = Vec<UserWrite>, responses((status = 201, body = JobOut), Changing))]
/// Create people in a job, at most 1000
pub(crate) async fn create_all(
    AxumState(site): AxumState<Site>,
    who: AdminOrg,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let bodies = list(&headers, &body)?;
    let source = match headers.get("creation-source").map(|v| v.to_str().unwrap_or_default()) {
        None => "bulk",
        Some(text) => {
            let known = text.strip_prefix("jumpcloud:").filter(|source| SOURCES.contains(source));
            known.ok_or_else(|| {
                let message = format!("one of {}", SOURCES.map(|s| format!("jumpcloud:{s}")).join(", "));
                ApiError::field("creation-source", message)
            })?
        }
    };
    let defaults = &who.organization.settings.new_system_user_state_defaults;
    let state = if source == "bulk" { defaults.csv_import } else { defaults.application_import };
    begin(&site, &who, Some(state), bodies).await
}

#[utoipa::path(patch, path = "/api/v2/bulk/users", tag = "users", params(Quietly), request_body = Vec<Changed>,
    responses((status = 201, body = JobOut), Changing))]
/// Update people in a job, at most 1000
pub(crate) async fn update_all(
    AxumState(site): AxumState<Site>,
    who: AdminOrg,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let bodies = list(&headers, &body)?;
    begin(&site, &who, None, bodies).await
}

/// A body that is a list of people.
fn list(headers: &HeaderMap, body: &[u8]) -> Result<Vec<Map<String, Value>>, ApiError> {
    let kind = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        let message = "send JSON: content-type application/json";
        return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", message));
    }
    serde_json::from_slice(body).map_err(|e| ApiError::field("body", format!("a JSON array of people is needed: {e}")))
}

/// Begins a job; `state` where people are made.
async fn begin(
    site: &Site,
    who: &AdminOrg,
    state: Option<State>,
    bodies: Vec<Map<String, Value>>,
) -> Result<Response, ApiError> {
    if bodies.is_empty() || bodies.len() > ITEMS_MAX {
        return Err(ApiError::field("body", format!("1 to {ITEMS_MAX} people: send more in several jobs")));
    }
    let (directory, actor) = (site.directory(), who.actor());
    let id = directory.env().id();
    let job = Job {
        org: who.org(),
        id,
        creates: state.is_some(),
        actor: actor.kind,
        actor_id: actor.id,
        request_id: actor.request_id,
        state,
    };
    let items = bodies.into_iter().map(|body| {
        let shown = said(&body);
        (Value::Object(body), shown)
    });
    bulk::begin(directory, job, items.collect()).await?;
    Ok((StatusCode::CREATED, Json(JobOut { job_id: id.into() })).into_response())
}

/// Who is meant, for the results; never a secret.
fn said(body: &Map<String, Value>) -> Value {
    let text = |name: &str| {
        let text: String = body.get(name)?.as_str()?.chars().filter(|c| *c != '\0').take(1024).collect();
        Some((name.to_owned(), json!(text)))
    };
    Value::Object(["id", "username", "email"].into_iter().filter_map(text).collect())
}

fn shown(user: &User) -> Value {
    json!({"id": user.id.text(), "username": user.username, "email": user.email})
}

#[utoipa::path(get, path = "/api/v2/bulk/users/{job}/results", tag = "users", params(("job" = ObjectId, Path), PageQuery),
    responses((status = 200, body = Vec<ResultOut>), Reading))]
/// List what became of the people of a job
pub(crate) async fn results(
    AxumState(site): AxumState<Site>,
    who: AdminOrg,
    PathId(job): PathId,
    page: Page,
) -> Result<Json<Vec<ResultOut>>, ApiError> {
    let mut s = site.directory().read();
    bulk::get(&mut s, who.org(), job).await?;
    let rows = bulk::results(&mut s, (who.org(), job), page.skip, page.limit).await?;
    Ok(Json(rows.into_iter().map(Into::into).collect()))
}

/// A change of a person, and that it is done.
struct One<V> {
    verb: V,
    job: Id,
    seq: i64,
}

impl<V: Verb<Out = User>> Verb for One<V> {
    type Out = User;

    async fn run(&self, w: &mut Write<'_>) -> muster_directory::Result<User> {
        let user = self.verb.run(w).await?;
        bulk::finished(w, self.job, self.seq, &shown(&user)).await?;
        Ok(user)
    }
}

/// How long a node holds a job without a sign of life, in seconds.
const LEASE_S: i64 = 60;

/// How many people of a job are done before it is another organization's turn.
const SLICE: usize = 10;

/// What became of a slice of a job.
enum Slice {
    /// Somebody was done, or the job ended.
    Done,
    /// Another node is at it.
    Elsewhere,
}

/// Carries every job on that no other node is at, to its end: turn by turn, so that a long one delays no other organization's.
/// One that cannot go on keeps no other waiting. Answers whether any was left.
///
/// # Errors
/// The database's.
pub async fn round(directory: &Directory, node: &str) -> muster_directory::Result<bool> {
    let mut left = BTreeSet::new();
    while turn(directory, node, &mut left).await? {}
    Ok(!left.is_empty())
}

/// One turn: some people of one job of each organization. Jobs that cannot go on are noted in `left` and passed over. Answers
/// whether anything was done.
///
/// # Errors
/// The database's.
pub async fn turn(directory: &Directory, node: &str, left: &mut BTreeSet<Id>) -> muster_directory::Result<bool> {
    let mut any = false;
    for org in bulk::due(directory).await? {
        for id in bulk::open(directory, org).await? {
            if left.contains(&id) {
                continue;
            }
            match slice(directory, node, org, id).await {
                Ok(Slice::Done) => {
                    any = true;
                    break;
                }
                Ok(Slice::Elsewhere) => {
                    left.insert(id);
                }
                Err(error) => {
                    tracing::error!(reason = error.private(), job = %id, "a bulk job could not go on; it is tried again");
                    left.insert(id);
                }
            }
        }
    }
    Ok(any)
}

async fn slice(directory: &Directory, node: &str, org: Id, id: Id) -> muster_directory::Result<Slice> {
    let name = format!("bulk:{id}");
    let job = bulk::get(&mut directory.read(), org, id).await?;
    for _ in 0..SLICE {
        let now = directory.env().clock.now();
        if !directory.db().lease(&name, node, LEASE_S, now).await? {
            return Ok(Slice::Elsewhere);
        }
        let Some(waiting) = bulk::next(directory, &job).await? else {
            bulk::close(directory, &job).await?;
            break;
        };
        one(directory, &job, waiting.seq, waiting.body).await?;
    }
    directory.db().release(&name, node).await?;
    Ok(Slice::Done)
}

async fn one(directory: &Directory, job: &Job, seq: i64, body: Value) -> muster_directory::Result<()> {
    let about = body.as_object().map(said).unwrap_or_default();
    let done = match standing::may_act(directory, (job.actor, job.actor_id), job.org).await {
        Ok(true) if job.creates => make(directory, job, seq, body).await,
        Ok(true) => change(directory, job, seq, body).await,
        Ok(false) => Err(ApiError::new(StatusCode::FORBIDDEN, "PERMISSION_DENIED", standing::GONE)),
        Err(error) => return Err(error),
    };
    match done {
        Ok(()) => Ok(()),
        // Tried again, here or elsewhere.
        Err(error) if error.status() == StatusCode::SERVICE_UNAVAILABLE => {
            Err(muster_directory::Error::Unavailable(error.message().to_owned()))
        }
        Err(error) => bulk::failed(directory, job, seq, &told(&error), &about).await,
    }
}

/// The fields that are wrong, or the message.
fn told(error: &ApiError) -> String {
    let text = error.message().to_owned();
    text.chars().filter(|c| *c != '\0').take(2_000).collect()
}

fn read(body: Value) -> Result<UserWrite, ApiError> {
    serde_json::from_value(body).map_err(|e| ApiError::field("body", e.to_string()))
}

async fn make(directory: &Directory, job: &Job, seq: i64, body: Value) -> Result<(), ApiError> {
    let mut verb = create::verb(directory, job.org, read(body)?).await?;
    verb.state = verb.state.or(job.state);
    directory.write(job.actor(), job.org, One { verb, job: job.id, seq }).await?;
    Ok(())
}

async fn change(directory: &Directory, job: &Job, seq: i64, mut body: Value) -> Result<(), ApiError> {
    let id = body.as_object_mut().and_then(|members| members.remove("id"));
    let id = id.as_ref().and_then(Value::as_str).and_then(|id| id.parse::<Id>().ok());
    let id = id.ok_or_else(ApiError::not_found)?;
    let settings = organization::store::get(&mut directory.read(), job.org).await?.settings;
    let (verb, _) = update::verb(directory, (job.org, &settings), id, read(body)?).await?;
    directory.write(job.actor(), job.org, One { verb, job: job.id, seq }).await?;
    Ok(())
}
