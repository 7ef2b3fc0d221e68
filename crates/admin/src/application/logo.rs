//! An application's logo.

use axum::extract::{FromRequest, Multipart, Request, State};
use http::{StatusCode, header};
use muster_directory::application::logo::{SetLogo, check};
use muster_http::{AdminOrg, ApiError, Site};
use utoipa::ToSchema;

use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

/// A picture.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) struct LogoForm {
    /// PNG, JPEG, GIF or WebP, at most 512 KiB.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    image: Vec<u8>,
}

/// The picture of a form and its media type.
///
/// # Errors
/// 415 without a form, 400 on `image`.
pub(crate) async fn picture(request: Request) -> Result<(Vec<u8>, &'static str), ApiError> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.to_ascii_lowercase().starts_with("multipart/form-data") {
        let message = "send the picture as the part \"image\" of multipart/form-data";
        return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "INVALID_ARGUMENT", message));
    }
    let wrong = |what: String| ApiError::field("image", format!("the form could not be read: {what}"));
    let mut form = Multipart::from_request(request, &()).await.map_err(|e| wrong(e.body_text()))?;
    while let Some(part) = form.next_field().await.map_err(|e| wrong(e.body_text()))? {
        if part.name() == Some("image") {
            let bytes = part.bytes().await.map_err(|e| wrong(e.body_text()))?.to_vec();
            let kind = check(&bytes)?;
            return Ok((bytes, kind));
        }
    }
    Err(ApiError::field("image", "is required: a PNG, JPEG, GIF or WebP picture"))
}

#[utoipa::path(post, path = "/api/v2/applications/{id}/logo", tag = "applications", params(("id" = ObjectId, Path)),
    request_body(content = LogoForm, content_type = "multipart/form-data"),
    responses((status = 204, description = "Done"), Changing))]
/// Set an application's logo
pub(crate) async fn set(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(app): PathId,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let directory = site.directory();
    muster_directory::application::store::get(&mut directory.read(), who.org(), app).await?;
    let logo = Some(picture(request).await?);
    directory.write(who.actor(), who.org(), SetLogo { app, logo }).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(delete, path = "/api/v2/applications/{id}/logo", tag = "applications", params(("id" = ObjectId, Path)),
    responses((status = 204, description = "Done"), Changing))]
/// Remove an application's logo
pub(crate) async fn remove(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(app): PathId,
) -> Result<StatusCode, ApiError> {
    site.directory().write(who.actor(), who.org(), SetLogo { app, logo: None }).await?;
    Ok(StatusCode::NO_CONTENT)
}
