//! The tiles of the portal.

use axum::extract::State;
use muster_directory::application::{Application, Oidc, store};
use muster_directory::user::User;
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
    /// Where it leads: to where the application begins a sign-in by itself, its Login URL, or else the place of its first
    /// redirect URI, or the beginning of its sign-in by SAML.
    url: String,
}

#[utoipa::path(get, path = "/api/v2/me/applications", tag = "portal",
    responses((status = 200, body = Vec<Tile>), Reading))]
/// List one's own applications
pub(crate) async fn list(State(site): State<Site>, me: Me) -> Result<Json<Vec<Tile>>, ApiError> {
    let mut source = site.directory().read();
    let reached = store::of_user(&mut source, me.organization.id, me.user.id).await?;
    let apps = store::all(&mut source, me.organization.id).await?;
    let issuer = site.issuer(&me.organization.slug);
    let mine = apps.iter().filter(|a| reached.contains(&a.id));
    let mut tiles: Vec<Tile> = mine.filter_map(|app| tile(app, &issuer, &me.user)).collect();
    tiles.sort_by_key(|t| t.display_label.to_lowercase());
    Ok(Json(tiles))
}

/// Only what can be signed in to and is not hidden.
fn tile(app: &Application, issuer: &str, user: &User) -> Option<Tile> {
    if !app.active || app.doc.hidden {
        return None;
    }
    let url = match (&app.doc.oidc, &app.doc.saml) {
        (Some(oidc), _) => oidc_url(oidc, issuer, user)?,
        (None, Some(saml)) if saml.login_url.is_empty() => format!("{issuer}/saml/{}/sso", app.id),
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

fn oidc_url(oidc: &Oidc, issuer: &str, user: &User) -> Option<String> {
    if let Some(url) = initiated(oidc, issuer, user) {
        Some(url)
    } else if oidc.relying_party_url.is_empty() {
        oidc.redirect_uris.first().and_then(|u| origin(u))
    } else {
        Some(oidc.relying_party_url.clone())
    }
}

/// OpenID Connect Core section 4: the application is told who asks it to begin a sign-in, for whom (the e-mail by which
/// it knows them), and where to go afterwards.
fn initiated(oidc: &Oidc, issuer: &str, user: &User) -> Option<String> {
    let mut url = url::Url::parse(&oidc.requests.initiate_login_uri).ok()?;
    let hint = match oidc.attribute_of("email") {
        Some(mapped) => user.attribute(mapped).or_else(|| user.attribute(&format!("attributes.{mapped}"))),
        None => Some(user.email.as_str().into()),
    };
    let mut query = url.query_pairs_mut();
    query.append_pair("iss", issuer);
    if let Some(hint) = hint {
        query.append_pair("login_hint", &hint);
    }
    if !oidc.relying_party_url.is_empty() {
        query.append_pair("target_link_uri", &oidc.relying_party_url);
    }
    drop(query);
    Some(url.into())
}

/// Scheme and host of an address of the web.
fn origin(uri: &str) -> Option<String> {
    let origin = url::Url::parse(uri).ok()?.origin();
    origin.is_tuple().then(|| format!("{}/", origin.ascii_serialization()))
}
