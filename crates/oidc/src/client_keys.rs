//! The public keys of an application, with which what it signs is checked.

use muster_directory::application::ClientKeys;
use muster_http::Site;
use muster_jose::JwkSet;
use muster_oauth::Error;

use crate::client::Client;

/// The keys that the application registered; none: an empty set.
///
/// # Errors
/// None while the keys are registered by value; `invalid_client` where they have to be fetched and cannot be.
pub async fn client_keys(_site: &Site, client: &Client) -> Result<JwkSet, Error> {
    Ok(client.oidc.authentication.jwks.as_ref().map(ClientKeys::set).unwrap_or_default())
}
