//! Opens a signed request object (RFC 9101): the client's signature, whom it is for, and that it comes once.

use muster_base::Micros;
use muster_directory::Result;
use muster_http::Site;
use muster_jose::{Alg, verify};
use muster_oauth::authorize::request_object::{Checks, Opened, is_type, read};
use muster_oauth::{Error, ErrorCode, Params};

use super::store;
use crate::client::Client;
use crate::client_keys::client_keys;

/// The parameters in an object of this client's; nothing beside them counts (section 5).
///
/// # Errors
/// The database's; the inner error is `invalid_request_object`.
pub async fn open(site: &Site, client: &Client, token: &str) -> Result<Result<Params, Error>> {
    let opened = match check(site, client, token).await {
        Ok(opened) => opened,
        Err(error) => return Ok(Err(error)),
    };
    if let Some(jti) = &opened.jti {
        let (org, app) = (client.organization.id, client.app.id);
        let until = Micros(opened.expires_at_s.saturating_mul(1_000_000));
        if !store::first_seen(site.directory(), org, app, muster_base::digest(jti.as_bytes()), until).await? {
            return Ok(Err(refuse("the object was used before: sign a new one for each request")));
        }
    }
    Ok(Ok(opened.params))
}

fn refuse(why: impl AsRef<str>) -> Error {
    Error::new(ErrorCode::InvalidRequestObject, why)
}

async fn check(site: &Site, client: &Client, token: &str) -> Result<Opened, Error> {
    let registered = client.oidc.requests.request_object_signing_alg.as_deref().map(Alg::parse);
    let allowed = match registered {
        None => Alg::ALL.to_vec(),
        Some(one) => one.into_iter().collect(),
    };
    let keys = client_keys(site, client).await?;
    if keys.keys.is_empty() {
        return Err(refuse("the client has no keys to check the object with: register jwks"));
    }
    let verified = verify(token, &keys, &allowed).map_err(|error| refuse(format!("the request object: {error}")))?;
    if !is_type(verified.header.typ.as_deref()) {
        return Err(refuse("the token is of another type than oauth-authz-req+jwt"));
    }
    let client_id = client.app.id.text();
    let issuer = site.issuer(&client.organization.slug);
    let now_s = site.directory().env().clock.now().seconds();
    read(&verified.claims, &Checks { client_id: &client_id, issuer: &issuer, now_s })
}
