//! People let in or kept out at a time to come, as JumpCloud's scheduled jobs: asked for and taken back here, done by a worker.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::State as AxumState;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use muster_base::{Id, Micros};
use muster_directory::scheduled_state::{Cancel, Schedule, ScheduledState, Status, store};
use muster_directory::user::{State, User, store as people};
use muster_http::{AdminOrg, ApiError, Json, Query, Site};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::failure::{Changing, Reading};
use crate::id::{ObjectId, PathId, Time};
use crate::listed::Listed;
use crate::page::{Page, PageQuery, words};

/// People whose next changes are asked for.
const ASKED_MAX: usize = 100;

/// What a person will be.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
enum Future {
    /// Let in.
    Activated,
    /// Kept out.
    Suspended,
}

/// A change of state as it is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = BulkScheduledStatechangeCreate)]
pub(crate) struct ScheduleIn {
    /// Whom: 1 to 1000.
    #[schema(max_items = 1000, min_items = 1)]
    user_ids: Vec<ObjectId>,
    /// What they will be.
    state: Future,
    /// When: RFC 3339; without a zone UTC.
    #[schema(max_length = 64, format = DateTime)]
    start_date: String,
    /// `false`: whoever is let in without a password is not asked by mail to choose one.
    send_activation_emails: Option<bool>,
    /// Where the mail goes. Only the person's own company e-mail: the link in it sets their password.
    #[schema(max_length = 1024)]
    activation_email_override: Option<String>,
}

/// A change of state.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScheduledUserstateResult)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScheduledOut {
    /// By which it is taken back.
    scheduled_job_id: ObjectId,
    system_user_id: ObjectId,
    /// What the person will be.
    state: State,
    /// When.
    scheduled_date: Time,
    /// `pending`, `finished` or `failed`.
    status: String,
    /// Why it failed.
    status_msg: String,
    /// When it was carried out, or could not be.
    done_date: Option<Time>,
    /// Whom it is about: where changes are listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    system_user: Option<PersonOut>,
}

/// Whom a change of state is about.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScheduledUserstatePerson)]
struct PersonOut {
    username: String,
    email: String,
    displayname: String,
    firstname: String,
    lastname: String,
    /// What the person is now.
    state: State,
}

impl From<User> for PersonOut {
    fn from(user: User) -> Self {
        let text = |field: Option<String>| field.unwrap_or_default();
        let of = user.profile;
        Self {
            username: user.username,
            email: user.email,
            displayname: text(of.displayname),
            firstname: text(of.firstname),
            lastname: text(of.lastname),
            state: user.state,
        }
    }
}

impl From<ScheduledState> for ScheduledOut {
    fn from(of: ScheduledState) -> Self {
        Self {
            scheduled_job_id: of.id.into(),
            system_user_id: of.user.into(),
            state: of.state,
            scheduled_date: of.at.into(),
            status: of.status.word().to_owned(),
            status_msg: of.message,
            done_date: of.done_at.map(Into::into),
            system_user: None,
        }
    }
}

/// Which changes are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Only this person's.
    #[param(value_type = Option<ObjectId>)]
    userid: Option<String>,
    /// `pending` when left out, as JumpCloud lists them; `finished` and `failed` of the last 30 days.
    #[param(pattern = "^(pending|finished|failed)$")]
    status: Option<String>,
}

/// Whose next changes are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Whose {
    /// Ids of people, separated by commas: at most 100.
    #[param(max_length = 2500)]
    users: Option<String>,
}

/// The next changes of some people.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScheduledUserstateNext)]
pub(crate) struct NextOut {
    /// How many there are: at most one for each state of each person.
    events_count: usize,
    results: Vec<ScheduledOut>,
}

fn id_of(field: &str, text: &str) -> Result<Id, ApiError> {
    text.parse().map_err(|_| ApiError::field(field, "the id of a person: 24 hexadecimal characters"))
}

/// A time with a zone, or in UTC.
fn time(text: &str) -> Result<Micros, ApiError> {
    let read = Micros::parse_rfc3339(text).or_else(|| Micros::parse_rfc3339(&format!("{text}Z")));
    read.ok_or_else(|| ApiError::field("start_date", "a time as 2030-01-31T08:00:00Z"))
}

#[utoipa::path(get, path = "/api/v2/bulk/userstates", tag = "users", params(PageQuery, Wanted),
    responses((status = 200, body = Vec<ScheduledOut>), Reading))]
/// List scheduled changes of state, the next one first; what was done, the last one first
pub(crate) async fn list(
    AxumState(site): AxumState<Site>,
    who: AdminOrg,
    page: Page,
    Query(wanted): Query<Wanted>,
) -> Result<Response, ApiError> {
    if !page.filters.is_empty() {
        return Err(ApiError::field("filter", "this list is narrowed by userid and status"));
    }
    let user = wanted.userid.filter(|id| !id.is_empty()).map(|id| id_of("userid", &id)).transpose()?;
    let word = wanted.status.unwrap_or_else(|| Status::Pending.word().to_owned());
    let status = Status::ALL.into_iter().find(|s| s.word() == word);
    let status = status.ok_or_else(|| ApiError::field("status", "pending, finished or failed"))?;
    let mut s = site.directory().read();
    let of = (who.org(), user);
    let total = store::count(&mut s, of, status).await?;
    let rows = store::list(&mut s, of, status, (page.limit, page.skip)).await?;
    let users: Vec<Id> = rows.iter().map(|of| of.user).collect::<BTreeSet<_>>().into_iter().collect();
    let people = people::by_ids(&mut s, who.org(), &users).await?;
    let people: BTreeMap<Id, User> = people.into_iter().map(|user| (user.id, user)).collect();
    let person = |id: Id| people.get(&id).cloned().map(Into::into);
    let rows = rows.into_iter().map(|of| ScheduledOut { system_user: person(of.user), ..of.into() }).collect();
    Ok(Listed { rows, total, link: None }.bare())
}

#[utoipa::path(post, path = "/api/v2/bulk/userstates", tag = "users", request_body = ScheduleIn,
    responses((status = 201, body = Vec<ScheduledOut>), Changing))]
/// Schedule a change of people's state, at most 1000 at once
pub(crate) async fn create(
    AxumState(site): AxumState<Site>,
    who: AdminOrg,
    Json(body): Json<ScheduleIn>,
) -> Result<Response, ApiError> {
    let directory = site.directory();
    let at = time(body.start_date.trim())?;
    let mail = body.send_activation_emails.unwrap_or(true);
    let users: Vec<Id> = body.user_ids.iter().map(|id| id.0).collect();
    if let Some(email) = body.activation_email_override.filter(|e| mail && !e.trim().is_empty()) {
        let [only] = users.as_slice() else {
            return Err(ApiError::field("activation_email_override", "only for one person at a time"));
        };
        let user = people::get(&mut directory.read(), who.org(), *only).await?;
        if !email.trim().eq_ignore_ascii_case(&user.email) {
            let message = "the activation mail goes to the person's company e-mail only: change that first";
            return Err(ApiError::field("activation_email_override", message));
        }
    }
    let state = match body.state {
        Future::Activated => State::Activated,
        Future::Suspended => State::Suspended,
    };
    let made = directory.write(who.actor(), who.org(), Schedule { users, state, at, mail }).await?;
    let out: Vec<ScheduledOut> = made.into_iter().map(Into::into).collect();
    Ok((StatusCode::CREATED, Json(out)).into_response())
}

#[utoipa::path(get, path = "/api/v2/bulk/userstates/eventlist/next", tag = "users", params(Whose, PageQuery),
    responses((status = 200, body = NextOut), Reading))]
/// Tell the next scheduled activation and suspension of people
pub(crate) async fn next(
    AxumState(site): AxumState<Site>,
    who: AdminOrg,
    page: Page,
    Query(whose): Query<Whose>,
) -> Result<Json<NextOut>, ApiError> {
    let users = words(whose.users.as_deref().unwrap_or_default());
    if users.len() > ASKED_MAX {
        return Err(ApiError::field("users", format!("at most {ASKED_MAX} people")));
    }
    let mut all = Vec::new();
    let mut s = site.directory().read();
    for user in users {
        let user = id_of("users", &user)?;
        for state in [State::Activated, State::Suspended] {
            all.extend(store::next(&mut s, who.org(), user, state).await?);
        }
    }
    all.sort_by_key(|of| (of.at, of.id));
    let events_count = all.len();
    let (skip, limit) = (usize::try_from(page.skip).unwrap_or(usize::MAX), usize::try_from(page.limit).unwrap_or(100));
    let results = all.into_iter().skip(skip).take(limit).map(Into::into).collect();
    Ok(Json(NextOut { events_count, results }))
}

#[utoipa::path(delete, path = "/api/v2/bulk/userstates/{id}", tag = "users", params(("id" = ObjectId, Path)),
    responses((status = 204), Changing))]
/// Take a scheduled change of state back
pub(crate) async fn cancel(
    AxumState(site): AxumState<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<StatusCode, ApiError> {
    site.directory().write(who.actor(), who.org(), Cancel { id }).await?;
    Ok(StatusCode::NO_CONTENT)
}
