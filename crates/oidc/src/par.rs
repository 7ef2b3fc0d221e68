//! The pushed authorization request endpoint (RFC 9126 section 2).

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use muster_http::Site;
use muster_oauth::authorize::Target;
use muster_oauth::{Error, Params, par, redirect_uri};

use crate::client::Client;
use crate::error::Refusal;
use crate::request::{self, object, pushed};
use crate::{body, client, organization};

/// `POST /o/{slug}/oauth2/par`: the client authenticates as at the token endpoint, and everything that can be refused is
/// refused here, where the client hears it and no browser is involved.
pub async fn post(
    State(site): State<Site>,
    Path(slug): Path<String>,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let organization = organization::for_program(&site, &slug).await?;
    let form = body::form(&headers, bytes)?;
    let client = client::authenticate(&site, &organization, &headers, &form).await?;
    let params = par::parameters(&form, &client.app.id.text())?;
    let params = match params.get("request") {
        Some(token) => object::open(&site, &client, token).await??,
        None if client.oidc.requests.require_signed_request_object => {
            return Err(Error::invalid_request("this client must sign its requests: send request").into());
        }
        None => params,
    };
    check(&client, &params)?;
    let pushed = pushed::push(site.directory(), organization.id, client.app.id, &params).await?;
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(pushed)).into_response())
}

/// Section 2.1: as the authorization endpoint would check it. The address has to be a registered one, also for a client
/// that authenticates (section 2.4 would allow others).
fn check(client: &Client, params: &Params) -> Result<(), Error> {
    let target = Target::read(params)?;
    if !redirect_uri::registered(&target.redirect_uri, &client.oidc.redirect_uris, client.oidc.is_public()) {
        return Err(Error::invalid_request("redirect_uri is not registered for this client"));
    }
    request::read(client, params).map(|_| ())
}
