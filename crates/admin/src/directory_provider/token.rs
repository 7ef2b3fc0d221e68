//! Bearer tokens of a directory provider.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use muster_directory::directory_provider::token::{Add, Drop, OVERLAP_S};
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::failure::Changing;
use crate::id::{ObjectId, PathId, PathIds};

/// A new token.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = DirectoryProviderTokenCreate)]
pub(crate) struct TokenCreate {
    /// How long the other tokens go on, in seconds; a day when left out.
    #[schema(minimum = 0, maximum = 7_776_000)]
    overlap_s: Option<i64>,
}

/// A token that was made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DirectoryProviderTokenCreated)]
pub(crate) struct TokenCreated {
    id: ObjectId,
    /// The bearer token: only in this answer.
    token: String,
}

#[utoipa::path(post, path = "/api/v2/directoryproviders/{id}/tokens", tag = "directory providers",
    params(("id" = ObjectId, Path)), request_body = TokenCreate,
    responses((status = 201, body = TokenCreated), Changing))]
/// Make another token of a directory provider
pub(crate) async fn add(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(provider): PathId,
    body: Option<Json<TokenCreate>>,
) -> Result<Response, ApiError> {
    who.person()?;
    let env = site.directory().env();
    let (id, secret) = (env.id(), env.secret());
    let overlap_s = body.and_then(|Json(body)| body.overlap_s).unwrap_or(OVERLAP_S);
    let add = Add { provider, id, secret: secret.clone(), overlap_s };
    site.directory().write(who.actor(), who.org(), add).await?;
    let out = TokenCreated { id: id.into(), token: secret.expose().to_owned() };
    Ok((StatusCode::CREATED, Json(out)).into_response())
}

#[utoipa::path(delete, path = "/api/v2/directoryproviders/{id}/tokens/{token}", tag = "directory providers",
    params(("id" = ObjectId, Path), ("token" = ObjectId, Path)),
    responses((status = 204, description = "It does not work any more"), Changing))]
/// Drop a token of a directory provider
pub(crate) async fn remove(
    State(site): State<Site>,
    who: AdminOrg,
    PathIds(provider, token): PathIds,
) -> Result<StatusCode, ApiError> {
    who.person()?;
    site.directory().write(who.actor(), who.org(), Drop { provider, token }).await?;
    Ok(StatusCode::NO_CONTENT)
}
