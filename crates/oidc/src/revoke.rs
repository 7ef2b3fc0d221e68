//! The revocation endpoint (RFC 7009).

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use muster_base::Secret;
use muster_http::Site;
use muster_oauth::revoke::Request;

use crate::error::Refusal;
use crate::{access_token, body, client, grant, organization};

/// `POST /o/{slug}/oauth2/revoke`. A refresh token takes its whole family with it, and the access tokens given with it
/// open userinfo no more; an opaque access token ends by itself. A token that is unknown, a signed access token, or another
/// client's is answered alike (section 2.2): signed ones are not kept one by one and live out their time.
pub async fn post(
    State(site): State<Site>,
    Path(slug): Path<String>,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let organization = organization::for_program(&site, &slug).await?;
    let form = body::form(&headers, bytes)?;
    let client = client::authenticate(&site, &organization, &headers, &form).await?;
    let request = Request::read(&form)?;
    let token = Secret::new(request.token);
    let (directory, org, app) = (site.directory(), organization.id, client.app.id);
    if !access_token::store::revoke(directory, org, app, token.digest()).await? {
        grant::revoke::revoke(directory, org, app, &token).await?;
    }
    Ok((StatusCode::OK, [(header::CACHE_CONTROL, "no-store")]).into_response())
}
