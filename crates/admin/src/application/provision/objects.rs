//! What is known of each person and group at an application: where it stands, and the tape of its last calls.

use axum::extract::{FromRequestParts, RawPathParams, State};
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use muster_base::Id;
use muster_directory::provision::state::Again;
use muster_directory::provision::{Call, Object, ObjectKind, ObjectState, store};
use muster_directory::{Error, application};
use muster_http::{AdminOrg, ApiError, Json, Query, Site};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::failure::{Changing, Reading};
use crate::id::{ObjectId, PathId, Time};
use crate::listed::Listed;

/// A person or group at an application.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ProvisionObject)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ObjectOut {
    /// A person or a group.
    kind: ObjectKind,
    /// Its id here.
    id: ObjectId,
    /// Its name.
    name: String,
    /// Where it stands.
    state: ObjectState,
    /// Its id there.
    remote_id: Option<String>,
    /// When it was last in step.
    last_synced_at: Option<Time>,
    /// What went wrong last.
    last_error: Option<String>,
    /// Failed tries in a row.
    attempts: i64,
    /// When it is tried again.
    next_try: Option<Time>,
}

impl ObjectOut {
    fn new(object: &Object) -> Self {
        let waits = object.dirty && !object.held && object.next_at.0 > 0;
        Self {
            kind: object.kind,
            id: object.id.into(),
            name: object.name.clone(),
            state: object.state(),
            remote_id: object.known.remote_id.clone(),
            last_synced_at: object.synced_at.map(Time),
            last_error: object.error.clone(),
            attempts: object.attempts,
            next_try: if waits { Some(Time(object.next_at)) } else { object.due_at.map(Time) },
        }
    }
}

/// A call of the tape.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ProvisionTapedCall)]
struct CallOut {
    /// When.
    at: Time,
    #[serde(flatten)]
    call: Call,
}

/// A person or group at an application, with its tape.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ProvisionObjectWithCalls)]
pub(crate) struct ObjectWithCalls {
    #[serde(flatten)]
    object: ObjectOut,
    /// The last twenty calls, the newest first.
    calls: Vec<CallOut>,
}

/// Which objects.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ObjectQuery {
    /// Only those that stand there.
    state: Option<ObjectState>,
    /// Only people, or only groups.
    kind: Option<ObjectKind>,
    /// Occurs in the name.
    search: Option<String>,
    /// Rows passed over.
    #[param(minimum = 0)]
    skip: Option<usize>,
    /// Rows at most: 10 when nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
}

/// Application, kind and object of a path. What is none of them is no object either: 404.
pub(crate) struct ObjectPath(Id, ObjectKind, Id);

impl<S: Send + Sync> FromRequestParts<S> for ObjectPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| ApiError::not_found())?;
        let texts: Vec<&str> = params.iter().map(|(_, text)| text).collect();
        let [app, kind, object] = texts.as_slice() else { return Err(ApiError::not_found()) };
        let id = |text: &str| text.parse::<Id>().map_err(|_| ApiError::not_found());
        Ok(Self(id(app)?, ObjectKind::from_word(kind).ok_or_else(ApiError::not_found)?, id(object)?))
    }
}

#[utoipa::path(get, path = "/api/v2/applications/{id}/provision/objects", tag = "applications",
    params(("id" = ObjectId, Path), ObjectQuery), responses((status = 200, body = Vec<ObjectOut>), Reading))]
/// List what is known of people and groups at an application
pub(crate) async fn list(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(app): PathId,
    Query(query): Query<ObjectQuery>,
) -> Result<Response, ApiError> {
    let mut source = site.directory().read();
    application::store::get(&mut source, who.org(), app).await?;
    store::get(&mut source, who.org(), app).await?;
    let limit = query.limit.unwrap_or(10);
    if !(1..=1000).contains(&limit) {
        return Err(ApiError::field("limit", "a whole number from 1 to 1000"));
    }
    let term = query.search.map(|s| s.to_lowercase());
    let fits = |o: &Object| {
        query.state.is_none_or(|state| o.state() == state)
            && term.as_ref().is_none_or(|t| o.name.to_lowercase().contains(t.as_str()))
    };
    let of = (who.org(), app);
    let window = query.skip.unwrap_or(0)..query.skip.unwrap_or(0).saturating_add(limit);
    let (mut total, mut rows) = (0, Vec::new());
    // A page at a time: nobody holds a whole target in memory.
    for kind in [ObjectKind::User, ObjectKind::Group].into_iter().filter(|k| query.kind.is_none_or(|kind| kind == *k)) {
        let mut after = (String::new(), String::new());
        loop {
            let page = store::objects_named(&mut source, (of.0, of.1, kind), (&after.0, &after.1)).await?;
            let Some(last) = page.last() else { break };
            after = (last.name.clone(), last.id.text());
            for object in page.iter().filter(|object| fits(object)) {
                if window.contains(&total) {
                    rows.push(ObjectOut::new(object));
                }
                total += 1;
            }
        }
    }
    let total = i64::try_from(total).unwrap_or(i64::MAX);
    Ok(Listed { rows, total, link: None }.bare())
}

#[utoipa::path(get, path = "/api/v2/applications/{id}/provision/objects/{kind}/{objectId}", tag = "applications",
    params(("id" = ObjectId, Path), ("kind" = ObjectKind, Path), ("objectId" = ObjectId, Path)),
    responses((status = 200, body = ObjectWithCalls), Reading))]
/// Get what is known of a person or group at an application, with the last calls
pub(crate) async fn get(
    State(site): State<Site>,
    who: AdminOrg,
    ObjectPath(app, kind, id): ObjectPath,
) -> Result<Json<ObjectWithCalls>, ApiError> {
    let (org, mut source) = (who.org(), site.directory().read());
    let object = store::object(&mut source, org, app, kind, id).await?.ok_or(Error::Missing("object"))?;
    let calls = store::calls(&mut source, org, app, kind, id).await?;
    let calls = calls.into_iter().map(|call| CallOut { at: Time(call.at), call }).collect();
    Ok(Json(ObjectWithCalls { object: ObjectOut::new(&object), calls }))
}

async fn again(site: &Site, who: &AdminOrg, path: ObjectPath, from_scratch: bool) -> Result<StatusCode, ApiError> {
    let ObjectPath(app, kind, id) = path;
    site.directory().write(who.actor(), who.org(), Again { app, kind, id, from_scratch }).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(post, path = "/api/v2/applications/{id}/provision/objects/{kind}/{objectId}/retry", tag = "applications",
    params(("id" = ObjectId, Path), ("kind" = ObjectKind, Path), ("objectId" = ObjectId, Path)),
    responses((status = 204, description = "It is tried now"), Changing))]
/// Try a person or group at an application now
pub(crate) async fn retry(State(site): State<Site>, who: AdminOrg, path: ObjectPath) -> Result<StatusCode, ApiError> {
    again(&site, &who, path, false).await
}

#[utoipa::path(post, path = "/api/v2/applications/{id}/provision/objects/{kind}/{objectId}/resend", tag = "applications",
    params(("id" = ObjectId, Path), ("kind" = ObjectKind, Path), ("objectId" = ObjectId, Path)),
    responses((status = 204, description = "It is sent again"), Changing))]
/// Send a person or group to an application again from scratch
pub(crate) async fn resend(State(site): State<Site>, who: AdminOrg, path: ObjectPath) -> Result<StatusCode, ApiError> {
    again(&site, &who, path, true).await
}
