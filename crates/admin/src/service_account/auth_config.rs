//! Secrets of service accounts: two live side by side while one replaces the other.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use muster_directory::service_account::secret::{Add, Drop};
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::{AuthConfigOut, days};
use crate::failure::Changing;
use crate::id::{ObjectId, PathId, PathIds};

/// A new secret.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = ServiceAccountAuthConfigCreate)]
pub(crate) struct AuthConfigCreate {
    /// How long it lives: from `1 Days` to `365 Days`; `90 Days` when left out.
    #[schema(pattern = "^[0-9]{1,3} Days?$")]
    lifetime: Option<String>,
}

#[utoipa::path(post, path = "/api/v2/service-accounts/{id}/auth-config", tag = "service accounts",
    params(("id" = ObjectId, Path)), request_body = AuthConfigCreate,
    responses((status = 201, body = AuthConfigOut), Changing))]
/// Make another secret of a service account
pub(crate) async fn add(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(account): PathId,
    body: Option<Json<AuthConfigCreate>>,
) -> Result<Response, ApiError> {
    who.person()?;
    let directory = site.directory();
    let secret = directory.env().secret();
    let days = days(body.and_then(|Json(body)| body.lifetime).as_deref())?;
    let kept = directory.write(who.actor(), who.org(), Add { account, secret: secret.clone(), days }).await?;
    let out = AuthConfigOut::new(&kept, Some(secret.expose().to_owned()));
    Ok((StatusCode::CREATED, Json(out)).into_response())
}

#[utoipa::path(delete, path = "/api/v2/service-accounts/{id}/auth-config/{config}", tag = "service accounts",
    params(("id" = ObjectId, Path), ("config" = ObjectId, Path)),
    responses((status = 204, description = "It and the tokens it brought do not work any more"), Changing))]
/// Drop a secret of a service account
pub(crate) async fn remove(
    State(site): State<Site>,
    who: AdminOrg,
    PathIds(account, secret): PathIds,
) -> Result<StatusCode, ApiError> {
    who.person()?;
    site.directory().write(who.actor(), who.org(), Drop { account, secret }).await?;
    Ok(StatusCode::NO_CONTENT)
}
