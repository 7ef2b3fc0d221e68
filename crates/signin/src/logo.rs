//! Logos of organizations and applications: public, since the sign-in pages show them.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderName, StatusCode, header};
use muster_base::Id;
use muster_directory::{Result, application, organization};
use muster_http::Site;
use muster_http::page::PageError;

/// `GET /logos/{org}`.
pub async fn organization(
    State(site): State<Site>,
    Path(org): Path<String>,
) -> std::result::Result<Response, PageError> {
    let Ok(org) = org.parse::<Id>() else { return Ok(StatusCode::NOT_FOUND.into_response()) };
    picture(organization::store::logo(&mut site.directory().read(), org).await)
}

/// `GET /logos/{org}/{app}`.
pub async fn application(
    State(site): State<Site>,
    Path((org, app)): Path<(String, String)>,
) -> std::result::Result<Response, PageError> {
    let (Ok(org), Ok(app)) = (org.parse::<Id>(), app.parse::<Id>()) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    picture(application::store::logo(&mut site.directory().read(), org, app).await)
}

fn picture(found: Result<Option<(Vec<u8>, String)>>) -> std::result::Result<Response, PageError> {
    let Some((bytes, kind)) = found? else { return Ok(StatusCode::NOT_FOUND.into_response()) };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "private, max-age=60".to_owned()),
        // What someone uploaded is a picture and nothing else.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
