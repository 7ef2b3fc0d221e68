//! Changes a service account.

use axum::extract::State;
use muster_directory::service_account::Role;
use muster_directory::service_account::update::Update;
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::{ServiceAccountOut, show};
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

/// What is to be changed; the rest stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServiceAccountWrite {
    #[schema(min_length = 1, max_length = 255)]
    name: Option<String>,
    role_name: Option<Role>,
    /// Kept out: its tokens open nothing.
    disabled: Option<bool>,
}

#[utoipa::path(put, path = "/api/v2/service-accounts/{id}", tag = "service accounts", params(("id" = ObjectId, Path)),
    request_body = ServiceAccountWrite, responses((status = 200, body = ServiceAccountOut), Changing))]
/// Update a service account
pub(crate) async fn update(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(body): Json<ServiceAccountWrite>,
) -> Result<Json<ServiceAccountOut>, ApiError> {
    who.person()?;
    let verb = Update { id, name: body.name, role: body.role_name, disabled: body.disabled };
    site.directory().write(who.actor(), who.org(), verb).await?;
    Ok(Json(show(&site, who.org(), id).await?))
}
