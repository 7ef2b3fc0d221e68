//! A person's sessions, and ending them.

use std::collections::BTreeMap;

use axum::extract::State;
use http::StatusCode;
use muster_base::Id;
use muster_directory::identity_provider;
use muster_directory::logout::{self, State as Delivery};
use muster_directory::organization::Organization;
use muster_directory::session::end::{End, EndAll};
use muster_directory::session::{Kind, Method, Session, store};
use muster_directory::{application, user};
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::{Changing, Reading};
use crate::id::{ObjectId, PathId, PathIds, Time};

/// An object by id and name.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SessionProvider)]
pub(crate) struct Named {
    pub id: ObjectId,
    pub name: String,
}

impl Named {
    fn application(labels: &BTreeMap<Id, String>, app: Id) -> Self {
        let name = labels.get(&app).cloned().unwrap_or_else(|| "an application that was removed".into());
        Self { id: app.into(), name }
    }
}

/// The names of the organization's applications.
async fn labels(site: &Site, org: Id) -> muster_directory::Result<BTreeMap<Id, String>> {
    let apps = application::store::all(&mut site.directory().read(), org).await?;
    Ok(apps.into_iter().map(|app| (app.id, app.label().to_owned())).collect())
}

/// An application that is told that a session ended.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SessionEndNotice)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NoticeOut {
    application: Named,
    state: Delivery,
    /// How often it was tried.
    attempts: i64,
    /// What went wrong last, in words.
    error: Option<String>,
    /// When it is tried again; null when it is delivered or given up.
    next_attempt_at: Option<Time>,
    /// When it was delivered or given up.
    done_at: Option<Time>,
}

/// A session that ended, or that ended for some of its applications.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EndedSession)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EndedOut {
    /// The session's id: the `sid` of its tokens.
    id: ObjectId,
    ended_at: Time,
    /// What its applications are told.
    notices: Vec<NoticeOut>,
}

#[utoipa::path(get, path = "/api/v2/users/{id}/sessions/ended", tag = "users", params(("id" = ObjectId, Path)),
    responses((status = 200, body = Vec<EndedOut>), Reading))]
/// List a person's ended sessions and whether their applications know
pub(crate) async fn ended(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<Vec<EndedOut>>, ApiError> {
    let notices = logout::store::of_user(&mut site.directory().read(), who.org(), id).await?;
    if notices.is_empty() {
        // Of a person who is gone, what is left is shown; one who never was is unknown.
        user::store::get(&mut site.directory().read(), who.org(), id).await?;
    }
    let labels = labels(&site, who.org()).await?;
    let mut out: Vec<EndedOut> = Vec::new();
    for notice in notices {
        let shown = NoticeOut {
            application: Named::application(&labels, notice.app),
            state: notice.state(),
            attempts: notice.attempts,
            next_attempt_at: notice.done_at.is_none().then_some(Time(notice.next_at)),
            done_at: notice.done_at.map(Time),
            error: notice.error,
        };
        let session = ObjectId::from(notice.session);
        match out.iter_mut().find(|one| one.id == session) {
            Some(one) => one.notices.push(shown),
            None => out.push(EndedOut { id: session, ended_at: notice.created_at.into(), notices: vec![shown] }),
        }
    }
    Ok(Json(out))
}

/// A session.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UserSession)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionOut {
    id: ObjectId,
    created_at: Time,
    last_seen_at: Time,
    /// When it ends at the latest.
    expires_at: Time,
    client_ip: String,
    user_agent: String,
    auth_method: Method,
    /// Where they signed in, when it was not here.
    identity_provider: Option<Named>,
    /// The applications that got a token in it: they are told when it ends.
    applications: Vec<Named>,
    /// The one that asks, in the portal.
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<bool>,
}

/// The live sessions of a person, the last used first; `current` marks one.
///
/// # Errors
/// The database's.
pub(crate) async fn live(
    site: &Site,
    organization: &Organization,
    user: Id,
    current: Option<Id>,
) -> muster_directory::Result<Vec<SessionOut>> {
    let mut source = site.directory().read();
    let now = site.directory().env().clock.now();
    let idle_s = organization.settings.user_portal.idle_session_duration_minutes * 60;
    let mut sessions = store::of_principal(&mut source, Some(organization.id), Kind::User, user).await?;
    sessions.retain(|s| s.is_live(now, idle_s));
    let providers = identity_provider::store::all(&mut source, organization.id).await?;
    let names: BTreeMap<Id, String> = providers.into_iter().map(|p| (p.id, p.name)).collect();
    let mut clients: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for client in logout::store::clients_of_user(&mut source, organization.id, user).await? {
        clients.entry(client.session).or_default().push(client.app);
    }
    let labels = labels(site, organization.id).await?;
    let applications = |session: &Id| {
        let apps = clients.get(session).into_iter().flatten();
        apps.map(|app| Named::application(&labels, *app)).collect()
    };
    let show = |s: Session| SessionOut {
        applications: applications(&s.id),
        id: s.id.into(),
        created_at: s.created_at.into(),
        last_seen_at: s.last_seen_at.into(),
        expires_at: s.expires_at.into(),
        client_ip: s.client_ip,
        user_agent: s.user_agent,
        auth_method: s.method,
        identity_provider: s.idp.map(|id| {
            let name = names.get(&id).cloned().unwrap_or_else(|| "a provider that was removed".into());
            Named { id: id.into(), name }
        }),
        current: current.map(|c| c == s.id),
    };
    Ok(sessions.into_iter().map(show).collect())
}

#[utoipa::path(get, path = "/api/v2/users/{id}/sessions", tag = "users", params(("id" = ObjectId, Path)),
    responses((status = 200, body = Vec<SessionOut>), Reading))]
/// List a person's sessions
pub(crate) async fn list(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<Vec<SessionOut>>, ApiError> {
    user::store::get(&mut site.directory().read(), who.org(), id).await?;
    Ok(Json(live(&site, &who.organization, id, None).await?))
}

#[utoipa::path(delete, path = "/api/v2/users/{id}/sessions", tag = "users", params(("id" = ObjectId, Path)),
    responses((status = 204, description = "They have ended"), Changing))]
/// End all of a person's sessions
pub(crate) async fn end_all(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(user): PathId,
) -> Result<StatusCode, ApiError> {
    site.directory().write(who.actor(), who.org(), EndAll { user }).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(delete, path = "/api/v2/users/{id}/sessions/{session}", tag = "users",
    params(("id" = ObjectId, Path), ("session" = ObjectId, Path)),
    responses((status = 204, description = "It has ended"), Changing))]
/// End one of a person's sessions
pub(crate) async fn end(
    State(site): State<Site>,
    who: AdminOrg,
    PathIds(user, session): PathIds,
) -> Result<StatusCode, ApiError> {
    site.directory().write(who.actor(), who.org(), End { session, principal: Some(user) }).await?;
    Ok(StatusCode::NO_CONTENT)
}
