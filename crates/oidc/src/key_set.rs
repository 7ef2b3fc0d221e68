//! The keys of a client: those it registered, or those at the address it registered.

use muster_directory::application::oidc::{ClientKey, ClientKeys};
use muster_http::Site;
use muster_http::document;
use muster_jose::JwkSet;

use crate::client::Client;

pub use muster_http::document::Wanted;

/// The client's public keys.
///
/// # Errors
/// Why they could not be fetched, in words for the client's developer.
pub async fn of(site: &Site, client: &Client, wanted: Wanted) -> Result<JwkSet, String> {
    let Some(address) = &client.oidc.authentication.jwks_uri else { return Ok(client.keys.clone()) };
    let failed = |why: &str| format!("the keys at the client's jwks_uri cannot be read: {why}");
    let document = document::fetch(site, address, wanted).await.map_err(|why| failed(&why))?;
    JwkSet::parse(&document).map_err(|error| failed(&error.to_string()))
}

/// The client's keys with the certificates over them.
///
/// # Errors
/// As [`of`].
pub async fn certificates(site: &Site, client: &Client, wanted: Wanted) -> Result<Vec<ClientKey>, String> {
    let settings = &client.oidc.authentication;
    let Some(address) = &settings.jwks_uri else {
        return Ok(settings.jwks.as_ref().map(|set| set.keys.clone()).unwrap_or_default());
    };
    let failed = |why: &str| format!("the keys at the client's jwks_uri cannot be read: {why}");
    let document = document::fetch(site, address, wanted).await.map_err(|why| failed(&why))?;
    let set: ClientKeys = serde_json::from_slice(&document).map_err(|_| failed("this is no key set"))?;
    Ok(set.keys)
}
