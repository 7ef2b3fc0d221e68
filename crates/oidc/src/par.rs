//! The pushed authorization request endpoint (RFC 9126 section 2).

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode, header};
use muster_http::{Context, Site};
use muster_oauth::authorize::Target;
use muster_oauth::{Error, Params, par, redirect_uri};

use crate::client::Client;
use crate::error::Refusal;
use crate::holder::Asked;
use crate::request::{self, object, pushed};
use crate::{body, client, holder, organization};

/// `POST /o/{slug}/oauth2/par`: the client authenticates as at the token endpoint, and everything that can be refused is
/// refused here, where the client hears it and no browser is involved.
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
    if client.oidc.is_public() {
        // Anybody can say that they are this client, and each push is kept for a while.
        site.rates().sign_in(&context.prefix()).map_err(Refusal::TooOften)?;
    }
    let params = par::parameters(&form, &client.app.id.text())?;
    let params = match params.get("request") {
        Some(token) => object::open(&site, &client, token).await??,
        None if client.oidc.requests.require_signed_request_object => {
            return Err(Error::invalid_request("this client must sign its requests: send request").into());
        }
        None => params,
    };
    let params = bound(&site, &client, &headers, params).await?;
    check(&client, &params)?;
    let pushed = pushed::push(site.directory(), organization.id, client.app.id, &params).await?;
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(pushed)).into_response())
}

/// A proof of possession at this endpoint binds the code that will come of it, as `dpop_jkt` would (RFC 9449 section 10.1).
async fn bound(site: &Site, client: &Client, headers: &HeaderMap, mut params: Params) -> Result<Params, Refusal> {
    let address = format!("{}/oauth2/par", site.issuer(&client.organization.slug));
    let asked = Asked { method: &Method::POST, address: &address, access_token: None };
    let nonce_required = client.oidc.access.dpop_nonce_required;
    let Some(jkt) = holder::proven(site, &client.organization, headers, &asked, nonce_required).await? else {
        return Ok(params);
    };
    match params.get("dpop_jkt").map(|named| named == jkt) {
        Some(true) => {}
        Some(false) => {
            return Err(Error::invalid_request("dpop_jkt is not the key that the header DPoP proves").into());
        }
        None => params.add("dpop_jkt".to_owned(), jkt)?,
    }
    Ok(params)
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
