//! Lists the keys that are published.

use axum::extract::State;
use muster_directory::application::SigningAlg;
use muster_directory::key::{self, State as KeyState};
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::Reading;
use crate::id::Time;

/// What a key is doing.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SigningKeyState)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeyStateOut {
    /// Signs.
    Active,
    /// Published, signs later.
    Next,
    /// Signs no more, still published.
    Retiring,
}

/// A signing key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SigningKey)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeyOut {
    /// Its name in tokens.
    kid: String,
    alg: SigningAlg,
    state: KeyStateOut,
    created_at: Time,
    /// When it last signed, to ten minutes; null when it never did.
    last_used_at: Option<Time>,
    /// From when on it signs.
    signs_from: Time,
    /// When it leaves the key set.
    drop_at: Option<Time>,
}

#[utoipa::path(get, path = "/api/v2/keys", tag = "keys", responses((status = 200, body = Vec<KeyOut>), Reading))]
/// List signing keys
pub(crate) async fn list(State(site): State<Site>, who: AdminOrg) -> Result<Json<Vec<KeyOut>>, ApiError> {
    Ok(Json(show(&site, &who).await?))
}

/// The keys with their states.
///
/// # Errors
/// The database's.
pub(super) async fn show(site: &Site, who: &AdminOrg) -> Result<Vec<KeyOut>, ApiError> {
    let keys = key::list(site.directory(), who.org()).await?;
    Ok(keys
        .into_iter()
        .map(|(row, state)| KeyOut {
            kid: row.kid,
            alg: row.alg,
            state: match state {
                KeyState::Active => KeyStateOut::Active,
                KeyState::Next => KeyStateOut::Next,
                KeyState::Retiring => KeyStateOut::Retiring,
            },
            created_at: row.created_at.into(),
            last_used_at: row.last_used_at.map(Time),
            signs_from: row.signs_from.into(),
            drop_at: row.drop_at.map(Time),
        })
        .collect())
}
