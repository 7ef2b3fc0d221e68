//! The device authorization endpoint (RFC 8628 section 3.1).

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};
use muster_base::Secret;
use muster_directory::Error as DirectoryError;
use muster_directory::application::GrantType;
use muster_http::{Context, Site};
use muster_oauth::{Scope, device};

use super::model::{INTERVAL_S, State as Said, TTL_S};
use super::{Request, store};
use crate::client::Client;
use crate::error::Refusal;
use crate::token::registered_for;
use crate::{body, client, organization, scope};

/// How often a user code that is in use is replaced by another.
const TRIES: usize = 5;

/// `POST /o/{slug}/oauth2/device/auth`
pub async fn post(
    State(site): State<Site>,
    Path(slug): Path<String>,
    context: Context,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let organization = organization::for_program(&site, &slug).await?;
    let form = body::form(&headers, bytes)?;
    let client = client::authenticate(&site, &organization, &headers, &form).await?;
    registered_for(&client, GrantType::DeviceCode)?;
    site.rates().sign_in(&context.prefix()).map_err(Refusal::TooOften)?;
    let asked = form.get("scope").map(Scope::parse).transpose()?.unwrap_or_default();
    let (request, device_code) = keep(&site, &client, scope::for_person(&client, &asked)?).await?;
    let user_code = device::shown(&request.user_code);
    let page = format!("{}/device", site.issuer(&organization.slug));
    let answer = device::Response {
        device_code: device_code.expose().to_owned(),
        verification_uri_complete: format!("{page}?user_code={user_code}"),
        verification_uri: page,
        user_code,
        expires_in: TTL_S,
        interval: INTERVAL_S,
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

async fn keep(site: &Site, client: &Client, scope: Scope) -> Result<(Request, Secret), Refusal> {
    let (directory, now) = (site.directory(), site.directory().env().clock.now());
    let device_code = directory.env().secret();
    let mut request = Request {
        org: client.organization.id,
        device_code: device_code.digest(),
        user_code: String::new(),
        app: client.app.id,
        scope,
        created_at: now,
        expires_at: now.plus_s(TTL_S),
        interval_s: INTERVAL_S,
        asked_at: None,
        state: Said::Pending,
    };
    for _ in 0..TRIES {
        let Some(user_code) = device::user_code(&directory.env().rng.bytes::<32>()) else { continue };
        request.user_code = user_code;
        if store::insert(directory, &request).await? {
            return Ok((request, device_code));
        }
    }
    Err(DirectoryError::Internal("no free user code was found".into()).into())
}
