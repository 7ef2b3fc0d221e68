//! What happened with a person: sign-ins with the trace of their decision, the newest first.

use axum::extract::State;
use muster_directory::event::{Event, Named, store};
use muster_directory::trace::{Setting, Step};
use muster_directory::user;
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::Reading;
use crate::id::{ObjectId, PathId, Time};
use crate::page::{Page, PageQuery};

/// A step of a decision.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TraceStep)]
pub(crate) struct StepOut {
    /// What was asked.
    step: String,
    /// The value it saw.
    saw: String,
    /// Whether it went the way that leads on.
    passed: bool,
    /// The setting to change, where there is one.
    setting: Option<Setting>,
}

impl From<Step> for StepOut {
    fn from(step: Step) -> Self {
        Self { step: step.step, saw: step.saw, passed: step.passed, setting: step.setting }
    }
}

/// An event.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UserEvent)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventOut {
    id: ObjectId,
    at: Time,
    /// JumpCloud's event type: `user_login_attempt`, `sso_auth`, ...
    #[serde(rename = "type")]
    kind: String,
    success: bool,
    /// One sentence.
    summary: String,
    client_ip: String,
    user_agent: String,
    /// The application that waited.
    application: Option<Named>,
    /// The identity provider that took part.
    identity_provider: Option<Named>,
    trace: Vec<StepOut>,
    /// The request's id in the logs.
    request_id: Option<String>,
}

impl EventOut {
    pub(crate) fn new(event: Event) -> Self {
        let detail = event.detail;
        Self {
            id: event.id.into(),
            at: event.at.into(),
            kind: event.kind,
            success: detail.success,
            summary: detail.summary,
            client_ip: detail.client_ip,
            user_agent: detail.user_agent,
            application: detail.application,
            identity_provider: detail.identity_provider,
            trace: detail.trace.into_iter().map(StepOut::from).collect(),
            request_id: detail.request_id,
        }
    }
}

/// A page of events.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UserEvents)]
pub(crate) struct Events {
    /// The events, the newest first.
    pub results: Vec<EventOut>,
    /// What to ask the next page with; none on the last.
    pub cursor: Option<ObjectId>,
}

#[utoipa::path(get, path = "/api/v2/users/{id}/events", tag = "users", params(("id" = ObjectId, Path), PageQuery),
    responses((status = 200, body = Events), Reading))]
/// List what happened with a person
pub(crate) async fn list(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
) -> Result<Json<Events>, ApiError> {
    let mut source = site.directory().read();
    user::store::get(&mut source, who.org(), id).await?;
    let before = page.cursor.map(|c| c.text()).unwrap_or_default();
    let mut events = store::of_user(&mut source, who.org(), id, &before, page.limit + 1).await?;
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let more = events.len() > limit;
    events.truncate(limit);
    let cursor = events.last().filter(|_| more).map(|e| ObjectId(e.id));
    Ok(Json(Events { results: events.into_iter().map(EventOut::new).collect(), cursor }))
}
