//! The sign-on settings of an application: set up once (that answer alone holds the secret), then read and replaced.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use muster_base::{Id, Secret};
use muster_directory::application::update::SetOidc;
use muster_directory::application::{Application, Oidc, secret, store};
use muster_directory::{Error, Result, Verb, Write};
use muster_http::{AdminOrg, ApiError, Json, Site, sector};

use super::sso_model::{SsoOut, SsoWrite};
use crate::failure::{Changing, Reading};
use crate::id::{ObjectId, PathId};

/// The field that is wrong when a sector cannot be joined.
const SECTOR: &str = "oidc.sectorIdentifierUri";

#[utoipa::path(get, path = "/api/v2/applications/{id}/sso", tag = "applications", params(("id" = ObjectId, Path)),
    responses((status = 200, body = SsoOut), Reading))]
/// Get the sign-on settings of an application
pub(crate) async fn get(State(site): State<Site>, who: AdminOrg, PathId(id): PathId) -> Result<Json<SsoOut>, ApiError> {
    let app = store::get(&mut site.directory().read(), who.org(), id).await?;
    Ok(Json(show(&site, &who, &app, None).await?))
}

#[utoipa::path(post, path = "/api/v2/applications/{id}/sso", tag = "applications", params(("id" = ObjectId, Path)),
    request_body = SsoWrite, responses((status = 201, body = SsoOut), Changing))]
/// Set up the sign-on of an application
pub(crate) async fn create(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(body): Json<SsoWrite>,
) -> Result<Response, ApiError> {
    let directory = site.directory();
    store::get(&mut directory.read(), who.org(), id).await?;
    let (hidden, secret) = (body.hidden, directory.env().secret());
    let oidc = body.read()?;
    sector::check(&site, &oidc, None).await.map_err(|why| ApiError::field(SECTOR, why))?;
    let shown = oidc.has_secret().then(|| secret.expose().to_owned());
    let verb = SetUp { set: SetOidc { id, hidden, oidc }, secret };
    let app = directory.write(who.actor(), who.org(), verb).await?;
    Ok((StatusCode::CREATED, Json(show(&site, &who, &app, shown).await?)).into_response())
}

#[utoipa::path(put, path = "/api/v2/applications/{id}/sso", tag = "applications", params(("id" = ObjectId, Path)),
    request_body = SsoWrite, responses((status = 200, body = SsoOut), Changing))]
/// Replace the sign-on settings of an application
pub(crate) async fn update(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(body): Json<SsoWrite>,
) -> Result<Json<SsoOut>, ApiError> {
    let directory = site.directory();
    let before = store::get(&mut directory.read(), who.org(), id).await?;
    let (hidden, before) = (body.hidden, settings(&before)?);
    let oidc = body.read()?;
    sector::check(&site, &oidc, Some(before)).await.map_err(|why| ApiError::field(SECTOR, why))?;
    let verb = SetOidc { id, hidden, oidc };
    let app = directory.write(who.actor(), who.org(), verb).await?;
    Ok(Json(show(&site, &who, &app, None).await?))
}

fn settings(app: &Application) -> Result<&Oidc, ApiError> {
    let missing = || ApiError::new(StatusCode::NOT_FOUND, "NOT_FOUND", "Not Found: oidc config not found");
    app.doc.oidc.as_ref().ok_or_else(missing)
}

async fn show(
    site: &Site,
    who: &AdminOrg,
    app: &Application,
    client_secret: Option<String>,
) -> Result<SsoOut, ApiError> {
    let oidc = settings(app)?;
    let secrets = store::secrets(&mut site.directory().read(), who.org(), app.id).await?;
    Ok(SsoOut::new(app, oidc, &secrets, site.issuer(&who.organization.slug), client_secret))
}

/// The settings and the first secret in one transaction.
struct SetUp {
    set: SetOidc,
    secret: Secret,
}

impl Verb for SetUp {
    type Out = Application;

    async fn run(&self, w: &mut Write<'_>) -> Result<Application> {
        let id: Id = self.set.id;
        if store::get(w, w.org(), id).await?.doc.oidc.is_some() {
            return Err(Error::Conflict("Already Exists".into()));
        }
        let app = self.set.run(w).await?;
        if self.set.oidc.has_secret() {
            secret::Add { app: id, secret: self.secret.clone() }.run(w).await?;
        }
        Ok(app)
    }
}
