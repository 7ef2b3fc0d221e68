//! Logos as the pages and the portal show them: public, since the sign-in page shows them to everybody.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderName, StatusCode, header};
use muster_directory::{application, organization};
use muster_http::{ApiError, Site};

use crate::id::{PathId, PathIds};

pub(crate) fn router() -> Router<Site> {
    Router::new().route("/logos/{org}", get(of_organization)).route("/logos/{org}/{app}", get(of_application))
}

async fn of_organization(
    State(site): State<Site>,
    PathId(org): PathId,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    answer(organization::store::logo(&mut site.directory().read(), org).await?, &headers)
}

async fn of_application(
    State(site): State<Site>,
    PathIds(org, app): PathIds,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    answer(application::store::logo(&mut site.directory().read(), org, app).await?, &headers)
}

/// The picture, asked for again each time and sent again only when it changed.
fn answer(logo: Option<(Vec<u8>, String)>, headers: &HeaderMap) -> Result<Response, ApiError> {
    let (bytes, kind) = logo.ok_or_else(ApiError::not_found)?;
    let digest: String = muster_base::digest(&bytes)[..12].iter().map(|b| format!("{b:02x}")).collect();
    let tag = format!("\"{digest}\"");
    let unchanged = headers.get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == tag.as_bytes());
    let about = [
        (header::ETAG, tag),
        (header::CACHE_CONTROL, "public, no-cache".to_owned()),
        // Someone uploaded it: opened by itself it can do nothing.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin".to_owned()),
    ];
    if unchanged {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    Ok((about, [(header::CONTENT_TYPE, kind)], bytes).into_response())
}
