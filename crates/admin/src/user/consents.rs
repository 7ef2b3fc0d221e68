//! What a person allowed applications of others, and taking it back.

use std::collections::BTreeMap;

use axum::extract::State;
use http::StatusCode;
use muster_base::Id;
use muster_directory::application::{self, Application};
use muster_directory::consent::revoke::Revoke;
use muster_directory::consent::{Consent, store};
use muster_directory::user;
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Serialize;
use utoipa::ToSchema;

use crate::application::logo_url;
use crate::failure::{Changing, Reading};
use crate::id::{ObjectId, PathId, PathIds, Time};

/// The application that is allowed something.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsentApplication)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Whom {
    id: ObjectId,
    display_label: String,
    logo_url: Option<String>,
}

/// What a person allowed an application.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UserConsent)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConsentOut {
    id: ObjectId,
    application: Whom,
    /// Scopes.
    scopes: Vec<String>,
    /// Claims beyond those of the scopes.
    claims: Vec<String>,
    /// Resources in the person's name.
    resources: Vec<String>,
    created_at: Time,
    /// When more was allowed last.
    updated_at: Time,
}

impl ConsentOut {
    fn new(consent: Consent, app: &Application) -> Self {
        let id = app.id.into();
        Self {
            id: consent.id.into(),
            application: Whom { id, display_label: app.label().to_owned(), logo_url: logo_url(app) },
            scopes: consent.allowed.scope.into_iter().collect(),
            claims: consent.allowed.claims.into_iter().collect(),
            resources: consent.allowed.resources.into_iter().collect(),
            created_at: consent.created_at.into(),
            updated_at: consent.updated_at.into(),
        }
    }
}

/// What a person allowed, the oldest first.
///
/// # Errors
/// The database's.
pub(crate) async fn of(site: &Site, org: Id, user: Id) -> muster_directory::Result<Vec<ConsentOut>> {
    let mut source = site.directory().read();
    let consents = store::of_user(&mut source, org, user).await?;
    if consents.is_empty() {
        return Ok(Vec::new());
    }
    let apps = application::store::all(&mut source, org).await?;
    let apps: BTreeMap<Id, Application> = apps.into_iter().map(|app| (app.id, app)).collect();
    Ok(consents.into_iter().filter_map(|c| apps.get(&c.app).map(|app| ConsentOut::new(c, app))).collect())
}

#[utoipa::path(get, path = "/api/v2/users/{id}/consents", tag = "users", params(("id" = ObjectId, Path)),
    responses((status = 200, body = Vec<ConsentOut>), Reading))]
/// List what a person allowed applications
pub(crate) async fn list(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<Vec<ConsentOut>>, ApiError> {
    user::store::get(&mut site.directory().read(), who.org(), id).await?;
    Ok(Json(of(&site, who.org(), id).await?))
}

#[utoipa::path(delete, path = "/api/v2/users/{id}/consents/{consent}", tag = "users",
    params(("id" = ObjectId, Path), ("consent" = ObjectId, Path)),
    responses((status = 204, description = "Taken back; what was granted on it has ended"), Changing))]
/// Take back what a person allowed an application
pub(crate) async fn revoke(
    State(site): State<Site>,
    who: AdminOrg,
    PathIds(user, id): PathIds,
) -> Result<StatusCode, ApiError> {
    site.directory().write(who.actor(), who.org(), Revoke { user, id }).await?;
    Ok(StatusCode::NO_CONTENT)
}
