//! An organization's logo.

use axum::extract::{Request, State};
use http::StatusCode;
use muster_directory::organization::update::SetLogo;
use muster_http::{Admin, ApiError, Site};

use super::reached;
use crate::application::{LogoForm, picture};
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

#[utoipa::path(post, path = "/api/v2/organizations/{id}/logo", tag = "organizations", params(("id" = ObjectId, Path)),
    request_body(content = LogoForm, content_type = "multipart/form-data"),
    responses((status = 204, description = "Done"), Changing))]
/// Set an organization's logo
pub(crate) async fn set(
    State(site): State<Site>,
    who: Admin,
    PathId(id): PathId,
    request: Request,
) -> Result<StatusCode, ApiError> {
    reached(&site, &who, request.headers(), id).await?;
    let logo = Some(picture(request).await?);
    site.directory().write(who.actor(), id, SetLogo { logo }).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(delete, path = "/api/v2/organizations/{id}/logo", tag = "organizations", params(("id" = ObjectId, Path)),
    responses((status = 204, description = "Done"), Changing))]
/// Remove an organization's logo
pub(crate) async fn remove(
    State(site): State<Site>,
    who: Admin,
    PathId(id): PathId,
    request: Request,
) -> Result<StatusCode, ApiError> {
    reached(&site, &who, request.headers(), id).await?;
    site.directory().write(who.actor(), id, SetLogo { logo: None }).await?;
    Ok(StatusCode::NO_CONTENT)
}
