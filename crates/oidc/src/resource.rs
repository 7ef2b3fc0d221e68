//! The access token that opens a resource of the issuer itself, with the proof that whoever sends it holds it (RFC 6750
//! section 2, RFC 8705 section 3, RFC 9449 section 7).

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode, header};
use muster_directory::organization::Organization;
use muster_http::Site;
use muster_oauth::{Error, ErrorCode, Params, bearer, dpop};

use crate::access_token::{self, Opened};
use crate::body;
use crate::client::certificate;
use crate::error::{REALM, Refusal};
use crate::holder::{self, Asked, Holder};

/// A request for a resource.
pub struct Request<'a> {
    /// Its method.
    pub method: Method,
    /// Its path behind the issuer.
    pub path: &'a str,
    /// Its headers.
    pub headers: &'a HeaderMap,
    /// Its form, if it has one.
    pub form: Option<&'a Params>,
}

/// The token of a request; `None` when there is none at all: answer with [`challenge`].
///
/// # Errors
/// What is wrong with the token or the proof.
pub async fn open(site: &Site, organization: &Organization, request: &Request<'_>) -> Result<Option<Opened>, Refusal> {
    let authorization = body::authorization(request.headers);
    if let Some(token) = dpop::token(authorization)? {
        return bound(site, organization, request, token).await.map(Some).map_err(Refusal::at_resource);
    }
    let Some(token) = bearer::read(authorization, request.form)? else { return Ok(None) };
    let opened = access_token::open(site, organization, token).await?;
    let holder = Holder::of(&opened.claims);
    if holder.jkt.is_some() {
        // A stolen one must not be of use just by being called otherwise (RFC 9449 section 7.2).
        let error = Error::new(ErrorCode::InvalidToken, "this access token is bound to a key: send it as DPoP");
        return Err(Refusal::from(error).at_resource());
    }
    shows_certificate(site, &holder, request.headers)?;
    Ok(Some(opened))
}

async fn bound(
    site: &Site,
    organization: &Organization,
    request: &Request<'_>,
    token: &str,
) -> Result<Opened, Refusal> {
    let address = format!("{}{}", site.issuer(&organization.slug), request.path);
    let asked = Asked { method: &request.method, address: &address, access_token: Some(token) };
    let opened = access_token::open(site, organization, token).await?;
    let nonce_required = opened.client.oidc.access.dpop_nonce_required;
    let jkt = holder::proven(site, organization, request.headers, &asked, nonce_required).await?;
    let holder = Holder::of(&opened.claims);
    if jkt.is_none() {
        return Err(Error::new(ErrorCode::InvalidDpopProof, "the header DPoP is missing").into());
    }
    if holder.jkt != jkt {
        return Err(Error::new(ErrorCode::InvalidToken, "the access token is not bound to the key of the proof").into());
    }
    shows_certificate(site, &holder, request.headers)?;
    Ok(opened)
}

fn shows_certificate(site: &Site, holder: &Holder, headers: &HeaderMap) -> Result<(), Refusal> {
    if holder.x5t.is_some() && holder.x5t != certificate::thumbprint(site, headers) {
        let why = "the access token is bound to a certificate that was not shown";
        return Err(Error::new(ErrorCode::InvalidToken, why).into());
    }
    Ok(())
}

/// What a request without any token is told: both ways to bring one, and no error (RFC 6750 section 3.1).
#[must_use]
pub fn challenge() -> Response {
    let mut response = (StatusCode::UNAUTHORIZED, [(header::CACHE_CONTROL, "no-store")]).into_response();
    for value in [bearer::challenge(REALM), dpop::challenge(REALM, None)] {
        if let Ok(value) = value.parse() {
            response.headers_mut().append(header::WWW_AUTHENTICATE, value);
        }
    }
    response
}
