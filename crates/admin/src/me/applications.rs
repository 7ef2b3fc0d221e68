//! The tiles of the portal.

use axum::extract::State;
use muster_directory::application::{Application, store};
use muster_http::{ApiError, Json, Me, Site};
use serde::Serialize;
use utoipa::ToSchema;

use crate::application::logo_url;
use crate::failure::Reading;
use crate::id::ObjectId;

/// A tile.
#[derive(Serialize, ToSchema)]
#[schema(as = PortalApplication)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Tile {
    id: ObjectId,
    display_label: String,
    description: String,
    logo_url: Option<String>,
    /// Where it leads: the application's Login URL, or else the place of its first redirect URI, or the beginning of its
    /// sign-in by SAML.
    url: String,
}

#[utoipa::path(get, path = "/api/v2/me/applications", tag = "portal",
    responses((status = 200, body = Vec<Tile>), Reading))]
/// List one's own applications
pub(crate) async fn list(State(site): State<Site>, me: Me) -> Result<Json<Vec<Tile>>, ApiError> {
    let mut source = site.directory().read();
    let reached = store::of_user(&mut source, me.organization.id, me.user.id).await?;
    let apps = store::all(&mut source, me.organization.id).await?;
    let begin = |app: &Application| format!("{}/o/{}/saml/{}/sso", site.config().base(), me.organization.slug, app.id);
    let mine = apps.iter().filter(|a| reached.contains(&a.id));
    let mut tiles: Vec<Tile> = mine.filter_map(|app| tile(app, begin(app))).collect();
    tiles.sort_by_key(|t| t.display_label.to_lowercase());
    Ok(Json(tiles))
}

/// Only what can be signed in to and is not hidden. `begin` is where a sign-in by SAML begins here.
fn tile(app: &Application, begin: String) -> Option<Tile> {
    if !app.active || app.doc.hidden {
        return None;
    }
    let url = match (&app.doc.oidc, &app.doc.saml) {
        (Some(oidc), _) if oidc.relying_party_url.is_empty() => oidc.redirect_uris.first().and_then(|u| origin(u))?,
        (Some(oidc), _) => oidc.relying_party_url.clone(),
        (None, Some(saml)) if saml.login_url.is_empty() => begin,
        (None, Some(saml)) => saml.login_url.clone(),
        (None, None) => return None,
    };
    Some(Tile {
        id: app.id.into(),
        display_label: app.label().to_owned(),
        description: app.doc.description.clone(),
        logo_url: logo_url(app),
        url,
    })
}

/// Scheme and host of an address of the web.
fn origin(uri: &str) -> Option<String> {
    let origin = url::Url::parse(uri).ok()?.origin();
    origin.is_tuple().then(|| format!("{}/", origin.ascii_serialization()))
}
